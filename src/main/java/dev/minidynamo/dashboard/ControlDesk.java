package dev.minidynamo.dashboard;

import dev.minidynamo.agent.Fleet;
import dev.minidynamo.agent.LinkFault;
import dev.minidynamo.agent.NodeControl;
import dev.minidynamo.agent.NodeView;
import dev.minidynamo.model.NodeId;

import org.springframework.stereotype.Component;

import java.util.List;

/** Does to nodes and links what the page asks for, and lets every page see it being done. */
@Component
public class ControlDesk {

    private final Fleet fleet;
    private final EventHub hub;
    private final ClusterWatch watch;
    private final Timeline timeline;

    ControlDesk(Fleet fleet, EventHub hub, ClusterWatch watch, Timeline timeline) {
        this.fleet = fleet;
        this.hub = hub;
        this.watch = watch;
        this.timeline = timeline;
    }

    /** What can be done to a node. */
    enum Action {
        KILL("killing…", "was killed"),
        PAUSE("pausing…", "is paused"),
        RESUME("resuming…", "runs again"),
        RESTART("restarting…", "was started afresh");

        private final String doing;
        private final String done;

        Action(String doing, String done) {
            this.doing = doing;
            this.done = done;
        }

        /** The action of this name, or an {@link IllegalArgumentException} with a sentence. */
        static Action of(String name) {
            for (Action action : values()) {
                if (action.name().toLowerCase(java.util.Locale.ROOT).equals(name)) {
                    return action;
                }
            }
            throw new IllegalArgumentException(
                    "There is no action \""
                            + name
                            + "\"; accepted is kill, pause, resume or restart.");
        }
    }

    /** Whether this would leave fewer nodes than a write needs. */
    boolean losesWrites(String node, Action action) {
        boolean stops = action == Action.KILL || action == Action.PAUSE;
        ClusterSight sight = watch.sight();
        return stops
                && sight.nodes().stream()
                        .anyMatch(each -> each.id().equals(node) && sight.losesWrites(each));
    }

    /**
     * Acts on a node and returns once the effect is observed.
     *
     * @return the outcome in a sentence
     * @throws dev.minidynamo.agent.ControlException with a sentence if it could not be done
     */
    String act(String node, Action action) {
        NodeControl control = fleet.node(new NodeId(node));
        hub.doing(node, action.doing);
        try {
            NodeView view =
                    switch (action) {
                        case KILL -> control.kill();
                        case PAUSE -> control.pause();
                        case RESUME -> control.resume();
                        case RESTART -> control.restart();
                    };
            Long pid = view.pid();
            return node + " " + action.done + (pid == null ? "." : " (process " + pid + ").");
        } finally {
            hub.done(node);
            watch.lookSoon();
        }
    }

    /** Cuts the link between two nodes for a while. */
    String cut(String a, String b, int seconds) {
        fleet.links().cut(new NodeId(a), new NodeId(b), seconds);
        return disturbed(a, b, "cut", "is cut for " + seconds + " s");
    }

    /** Slows the link between two nodes for a while. */
    String slow(String a, String b, int delayMillis, int lossPercent, int seconds) {
        LinkFault fault =
                fleet.links().slow(new NodeId(a), new NodeId(b), delayMillis, lossPercent, seconds);
        String words =
                "is slowed by %d ms and loses %d %% for %d s"
                        .formatted(fault.delayMillis(), fault.lossPercent(), seconds);
        return disturbed(a, b, "slow", words);
    }

    private String disturbed(String a, String b, String kind, String words) {
        timeline.add(a, "links", "link " + kind, "link to " + b + " " + words);
        watch.lookSoon();
        return "The link between " + a + " and " + b + " " + words + ".";
    }

    /** Ends every fault; returns what could not be ended, a sentence each. */
    List<String> healAll() {
        try {
            return fleet.healAll();
        } finally {
            timeline.add("all", "process", "heal all", "every fault was ended");
            watch.lookSoon();
        }
    }
}

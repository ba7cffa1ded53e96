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

    /** Whether writes would be refused after this, if only until a restarted node is back. */
    boolean losesWrites(String node, Action action) {
        return action != Action.RESUME && watch.sight().losesWrites(node);
    }

    /** Whether writes would be refused with this fault. */
    boolean losesWrites(LinkFault fault) {
        return fault.drop() && watch.sight().losesWrites(fault.a().value(), fault.b().value());
    }

    /**
     * Acts on a node and returns once the effect is observed.
     *
     * @return the outcome in a sentence
     * @throws dev.minidynamo.agent.ControlException with a sentence if it could not be done
     * @throws java.util.NoSuchElementException with a sentence if there is no such node
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

    /** Cuts or slows the link between two nodes for a while; returns the outcome in a sentence. */
    String disturb(LinkFault fault) {
        fleet.links().put(fault);
        String words =
                fault.drop()
                        ? "is cut for " + fault.seconds() + " s"
                        : "is slowed by %d ms and loses %d %% for %d s"
                                .formatted(
                                        fault.delayMillis(), fault.lossPercent(), fault.seconds());
        timeline.add(
                fault.a().value(),
                "links",
                fault.drop() ? "link cut" : "link slow",
                "link to " + fault.b() + " " + words);
        watch.lookSoon();
        return "The link between " + fault.a() + " and " + fault.b() + " " + words + ".";
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

package dev.minidynamo.agent;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * All nodes that this process can see and steer: its own child processes, or those of remote
 * agents.
 */
public final class Fleet implements AutoCloseable {

    private static final long TICK_MILLIS = 200;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final List<? extends ObservedNode> nodes;
    private final LinkFaults links;
    private final AgentEvents events;
    private @Nullable ScheduledExecutorService ticker;

    private Fleet(List<? extends ObservedNode> nodes, LinkFaults links, AgentEvents events) {
        this.nodes = List.copyOf(nodes);
        this.links = links;
        this.events = events;
    }

    /**
     * A fleet of child processes.
     *
     * @param log gets each line that a node prints
     */
    public static Fleet ofProcesses(
            ClusterConfig cluster,
            List<LaunchPlan> plans,
            HttpControl http,
            BiConsumer<NodeId, String> log) {
        AgentEvents events = new AgentEvents();
        Spawner spawner = new Spawner();
        List<NodeProcess> nodes = new ArrayList<>();
        for (LaunchPlan plan : plans) {
            Consumer<String> lines = line -> log.accept(plan.id(), line);
            nodes.add(
                    new NodeProcess(
                            plan,
                            new NodeProcess.Surroundings(
                                    spawner,
                                    http,
                                    NodeProcess.LONGEST_PAUSE,
                                    lines,
                                    events::publish)));
        }
        return new Fleet(nodes, new LinkFaults(cluster, http), events);
    }

    /** The nodes of a cluster whose processes belong to the agents that nodes.json names. */
    public static Fleet ofAgents(ClusterConfig cluster, HttpControl http) {
        AgentEvents events = new AgentEvents();
        List<RemoteNode> nodes =
                cluster.nodes().stream()
                        .map(member -> new RemoteNode(member, http, events))
                        .toList();
        return new Fleet(nodes, new LinkFaults(cluster, http), events);
    }

    /** Starts every node that belongs to this process, and the watch over all of them. */
    public synchronized void start() {
        nodes.forEach(ObservedNode::start);
        ScheduledExecutorService fresh =
                Executors.newScheduledThreadPool(
                        nodes.size(),
                        Thread.ofPlatform().name("node-watch-", 0).daemon().factory());
        ticker = fresh;
        for (ObservedNode node : nodes) {
            var _ =
                    fresh.scheduleWithFixedDelay(
                            () -> look(node), 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** A mistake in a look must not end the looking, which is what the timer would do. */
    private void look(ObservedNode node) {
        try {
            node.tick();
        } catch (RuntimeException e) {
            NodeView seen = node.view();
            events.publish(
                    new AgentEvent(
                            System.currentTimeMillis(),
                            node.id(),
                            seen.state(),
                            "cannot be watched: " + e));
        }
    }

    /** Whether all nodes came up within this time; ends early when one of them does not run. */
    public boolean awaitUp(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() < deadline) {
            List<NodeView> views = views();
            if (views.stream().allMatch(view -> view.state() == NodeState.UP)) {
                return true;
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            if (views.stream().anyMatch(view -> !view.state().running())) {
                return false;
            }
        }
        return false;
    }

    /** What is known of every node, in the order of nodes.json; never blocks. */
    public List<NodeView> views() {
        return nodes.stream().map(NodeControl::view).toList();
    }

    /**
     * The handle on one node.
     *
     * @throws NoSuchElementException with a sentence if there is no such node
     */
    public NodeControl node(NodeId id) {
        for (NodeControl node : nodes) {
            if (node.id().equals(id)) {
                return node;
            }
        }
        throw new NoSuchElementException("There is no node " + id + " here.");
    }

    /** The faults on the links between nodes. */
    public LinkFaults links() {
        return links;
    }

    /** What happened to the nodes. */
    public AgentEvents events() {
        return events;
    }

    /**
     * Ends every fault: heals all links, resumes what is paused, restarts what was killed.
     *
     * @return a sentence for each thing that could not be done
     */
    public List<String> healAll() {
        List<String> failures = new ArrayList<>();
        Set<NodeId> fresh = new HashSet<>();
        for (NodeControl node : nodes) {
            try {
                heal(node);
            } catch (ControlException e) {
                failures.add(String.valueOf(e.getMessage()));
            }
            if (node.view().state() == NodeState.STARTING) {
                fresh.add(node.id());
            }
        }
        failures.addAll(links.healAll(fresh));
        return failures;
    }

    private static void heal(NodeControl node) {
        switch (node.view().state()) {
            case PAUSED -> node.resume();
            case KILLED, CRASHED, STOPPED -> node.restart();
            case STARTING, UP, UNKNOWN -> {}
        }
    }

    /** Ends every node that belongs to this process, all at once, and waits for their ends. */
    @Override
    public void close() {
        ScheduledExecutorService current;
        synchronized (this) {
            current = ticker;
            ticker = null;
        }
        if (current != null) {
            current.shutdownNow();
        }
        try (var stops = Executors.newVirtualThreadPerTaskExecutor()) {
            nodes.forEach(node -> stops.execute(node::stop));
        }
    }
}

package dev.minidynamo.node;

import dev.minidynamo.antientropy.AntiEntropyScheduler;
import dev.minidynamo.antientropy.TombstoneReaper;
import dev.minidynamo.coordinator.QuorumCoordinator;
import dev.minidynamo.hints.HintManager;
import dev.minidynamo.protocol.RequestHandler;
import dev.minidynamo.protocol.WireIdentity;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.store.WalStore;

import java.util.LinkedHashSet;

/**
 * One node, assembled: its rooms, their start and their stop.
 *
 * <p>All methods are called on the event loop, except the getters. A crash needs no method: the
 * process or the simulated life simply ends.
 */
public final class Node {

    private final NodeOptions options;
    private final NodePorts ports;
    private final NodeParts parts;
    private final NodeEvents events;
    private final NodeWatch watch;
    private final long startedMillis;

    Node(NodeOptions options, NodePorts ports, NodeParts parts) {
        this.options = options;
        this.ports = ports;
        this.parts = parts;
        this.events = new NodeEvents(ports.clock());
        this.watch = new NodeWatch(parts, events);
        this.startedMillis = ports.clock().wallMillis();
    }

    /** Begins to work; {@code ready} once a timestamp may be given out. */
    public void start(Runnable ready) {
        watch.start(ports.scheduler());
        parts.membership().start();
        parts.hints().retainTargets(new LinkedHashSet<>(parts.ring().nodes()));
        parts.antiEntropy().start();
        parts.reaper().start();
        parts.coordinator().start();
        parts.clockKeeper().start(ready);
    }

    /**
     * Ends all periodic work and closes the files; {@code stopped} when nothing is open any more.
     */
    public void stop(Runnable stopped) {
        watch.stop();
        parts.coordinator().stop();
        parts.reaper().stop();
        parts.antiEntropy().stop();
        parts.membership().stop();
        parts.clockKeeper().stop();
        parts.hints().close(() -> parts.store().close(stopped));
    }

    /** Handles the requests of the peers and, through the loopback, the node's own. */
    public RequestHandler handler() {
        return parts.handler();
    }

    public WireIdentity identity() {
        return parts.identity();
    }

    public QuorumCoordinator coordinator() {
        return parts.coordinator();
    }

    public WalStore store() {
        return parts.store();
    }

    public HintManager hints() {
        return parts.hints();
    }

    public AntiEntropyScheduler antiEntropy() {
        return parts.antiEntropy();
    }

    public TombstoneReaper reaper() {
        return parts.reaper();
    }

    public Ring ring() {
        return parts.ring();
    }

    public NodeOptions options() {
        return options;
    }

    /** Everything an operator may want to see, as of now. */
    public NodeStatus status() {
        return new NodeStatus(
                options.self(),
                options.cluster().cluster(),
                startedMillis,
                Long.toHexString(parts.ring().fingerprint()),
                parts.antiEntropy().synchronised(),
                new NodeStatus.ClockStatus(
                        ports.clock().wallMillis(),
                        parts.membership().clockOffsetMillis(),
                        parts.hlc().last()),
                parts.store().status(),
                parts.hints().status(),
                parts.antiEntropy().status(),
                parts.coordinator().status(),
                parts.membership().status(),
                events.list());
    }
}

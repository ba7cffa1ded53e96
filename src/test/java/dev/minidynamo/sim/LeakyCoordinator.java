package dev.minidynamo.sim;

import dev.minidynamo.coordinator.CoordinatorPorts;
import dev.minidynamo.coordinator.OperationOptions;
import dev.minidynamo.coordinator.Peers;
import dev.minidynamo.coordinator.QuorumCoordinator;
import dev.minidynamo.coordinator.Value;
import dev.minidynamo.coordinator.WriteOutcome;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.node.NodeOptions;
import dev.minidynamo.node.NodePorts;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Transport.Priority;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.version.HybridLogicalClock;

import java.util.function.Consumer;

/** A coordinator that rejects a put and sends it to a replica all the same. */
final class LeakyCoordinator extends QuorumCoordinator {

    private final QuorumCoordinator real;
    private final Parts parts;

    /** What it needs to send by itself. */
    record Parts(
            NodeOptions options,
            NodePorts ports,
            Ring ring,
            HybridLogicalClock hlc,
            int incarnation) {}

    LeakyCoordinator(QuorumCoordinator real, Parts parts) {
        super(
                parts.options.self(),
                parts.options.cluster(),
                parts.ring,
                new CoordinatorPorts(
                        parts.ports.clock(),
                        parts.ports.scheduler(),
                        parts.ports.remote(),
                        new Alone(),
                        parts.hlc,
                        parts.incarnation),
                parts.options.coordinator());
        this.real = real;
        this.parts = parts;
    }

    /** Knows of nobody. */
    private static final class Alone implements Peers {

        @Override
        public boolean isDown(NodeId node) {
            return false;
        }

        @Override
        public boolean isOverdue(NodeId node) {
            return false;
        }

        @Override
        public long clockAheadMillis() {
            return 0;
        }

        @Override
        public boolean mayStamp() {
            return true;
        }
    }

    @Override
    public void start() {
        real.start();
    }

    @Override
    public void stop() {
        real.stop();
    }

    @Override
    public void put(Key key, Value value, OperationOptions how, Consumer<WriteOutcome> done) {
        real.put(
                key,
                value,
                how,
                outcome -> {
                    if (outcome instanceof WriteOutcome.Rejected) {
                        send(key, value);
                    }
                    done.accept(outcome);
                });
    }

    private void send(Key key, Value value) {
        Version version = new Version(parts.hlc.next(), parts.options.self(), parts.incarnation);
        Cell cell = new Cell.Live(version, value.bytes(), value.contentType(), Cell.NEVER);
        for (NodeId node : parts.ring.preferenceList(key).primaries()) {
            if (!node.equals(parts.options.self())) {
                parts.ports
                        .remote()
                        .send(
                                node,
                                new Request.Write(key, cell, Request.Cause.CLIENT, null),
                                Priority.CLIENT,
                                1_000,
                                reply -> {});
            }
        }
    }

    @Override
    public void delete(Key key, OperationOptions how, Consumer<WriteOutcome> done) {
        real.delete(key, how, done);
    }

    @Override
    public void get(
            Key key, OperationOptions how, Consumer<dev.minidynamo.coordinator.ReadOutcome> done) {
        real.get(key, how, done);
    }

    @Override
    public dev.minidynamo.coordinator.CoordinatorStatus status() {
        return real.status();
    }
}

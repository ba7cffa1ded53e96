package dev.minidynamo.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.coordinator.Mode;
import dev.minidynamo.coordinator.OperationOptions;
import dev.minidynamo.coordinator.QuorumCoordinator;
import dev.minidynamo.coordinator.ReadOutcome;
import dev.minidynamo.coordinator.Value;
import dev.minidynamo.coordinator.WriteOutcome;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.Key;
import dev.minidynamo.node.Node;
import dev.minidynamo.node.NodeAssembly;
import dev.minidynamo.node.NodeOptions;
import dev.minidynamo.node.NodePorts;
import dev.minidynamo.protocol.BatchAdmission;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.wal.SyncMode;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A simulated cluster that a test takes through one story, step by step. */
final class SimScript {

    final SimCluster cluster;
    private final RingOfNextStart rings = new RingOfNextStart();

    /** The shipped node, with the ring that holds when it starts. */
    private static final class RingOfNextStart implements Blueprint {
        private ClusterConfig config;

        @Override
        public NodeAssembly assembly(NodeOptions o, NodePorts ports, Ring ring) {
            if (config == null) {
                return new Production(o, ports, ring);
            }
            NodeOptions changed =
                    new NodeOptions(
                            o.self(),
                            config,
                            o.store(),
                            o.hints(),
                            o.membership(),
                            o.antiEntropy(),
                            o.coordinator());
            return new Production(changed, ports, SimCluster.ring(config));
        }

        @Override
        public Admission admission(Node node, ClusterConfig usual) {
            ClusterConfig now = config == null ? usual : config;
            return new BatchAdmission(node.identity(), now.ids(), SimOptions.MESSAGE_AGE_MILLIS)
                    ::refusal;
        }
    }

    /** Starts the nodes and waits until they know each other. */
    SimScript(int nodes, int n, int r, int w, Shape.Comparison comparison) {
        this(nodes, n, r, w, comparison, SyncMode.ALWAYS);
    }

    SimScript(int nodes, int n, int r, int w, Shape.Comparison comparison, SyncMode sync) {
        Shape shape =
                new Shape(
                        nodes,
                        0,
                        n,
                        r,
                        w,
                        Shape.Traffic.MIXED,
                        4,
                        1_000,
                        new SimNetwork.Rates(0, 0, 0, 100, 300),
                        comparison,
                        sync,
                        false);
        cluster = new SimCluster(new Scenario(1, shape, List.of()), rings, false);
        cluster.nodes.forEach(SimNode::boot);
        run(6_000);
    }

    void run(long millis) {
        runUntil(() -> false, millis);
    }

    /** Runs until the condition holds, at most for so long; whether it does. */
    boolean runUntil(BooleanSupplier condition, long millis) {
        long end = cluster.loop.nowNanos() + millis * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (!cluster.loop.runNextUntil(end)) {
                return condition.getAsBoolean();
            }
        }
        return true;
    }

    SimNode node(int index) {
        return cluster.nodes.get(index);
    }

    /** The nodes in the order of the key's preference list. */
    List<Integer> order(int key) {
        return cluster.shape.byOwnership(key);
    }

    void cut(int a, int b) {
        cluster.network.links().cut(a, b, 1);
        cluster.network.links().cut(b, a, 1);
    }

    void join(int a, int b) {
        cluster.network.links().cut(a, b, -1);
        cluster.network.links().cut(b, a, -1);
    }

    /** Restarts these nodes with a ring of them alone. */
    void restartAlone(List<Integer> members, int n, int r, int w) {
        List<ClusterConfig.Member> left =
                cluster.shape.config().nodes().stream()
                        .filter(member -> members.contains(Shape.index(member.id())))
                        .toList();
        rings.config = new ClusterConfig("sim", left, 8, n, r, w);
        members.forEach(i -> node(i).endFor(SimNode.End.KILL, 200));
    }

    /** Begins a put; the outcome is in the first place once there is one. */
    WriteOutcome[] beginPut(int at, Key key, int w, Mode mode, byte[] value) {
        WriteOutcome[] outcome = {null};
        call(
                at,
                coordinator ->
                        coordinator.put(
                                key,
                                new Value(value, Cell.DEFAULT_CONTENT_TYPE, 0),
                                new OperationOptions(w, mode, 1_000),
                                o -> outcome[0] = o));
        return outcome;
    }

    WriteOutcome put(int at, Key key, int w, Mode mode) {
        WriteOutcome[] outcome = beginPut(at, key, w, mode, new byte[20]);
        assertThat(runUntil(() -> outcome[0] != null, 3_000)).isTrue();
        return outcome[0];
    }

    WriteOutcome delete(int at, Key key, int w) {
        WriteOutcome[] outcome = {null};
        call(
                at,
                coordinator ->
                        coordinator.delete(
                                key,
                                new OperationOptions(w, Mode.SLOPPY, 1_000),
                                o -> outcome[0] = o));
        assertThat(runUntil(() -> outcome[0] != null, 3_000)).isTrue();
        return outcome[0];
    }

    ReadOutcome get(int at, Key key, int r, Mode mode) {
        ReadOutcome[] outcome = {null};
        call(
                at,
                coordinator ->
                        coordinator.get(
                                key, new OperationOptions(r, mode, 1_000), o -> outcome[0] = o));
        assertThat(runUntil(() -> outcome[0] != null, 3_000)).isTrue();
        return outcome[0];
    }

    private void call(int at, Consumer<QuorumCoordinator> call) {
        SimNode node = node(at);
        QuorumCoordinator coordinator = node.node().coordinator();
        cluster.loop.at(cluster.loop.nowNanos(), node.life(), () -> call.accept(coordinator));
    }
}

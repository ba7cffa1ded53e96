package dev.minidynamo.sim;

import static dev.minidynamo.sim.MutantSeams.assembly;
import static dev.minidynamo.sim.MutantSeams.options;
import static dev.minidynamo.sim.MutantSeams.replies;
import static dev.minidynamo.sim.MutantSeams.requests;

import dev.minidynamo.antientropy.AntiEntropyOptions;
import dev.minidynamo.antientropy.AntiEntropyScheduler;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.node.NodeOptions;
import dev.minidynamo.node.NodePorts;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.sim.Mutants.Mutant;
import dev.minidynamo.store.WalStore;

import java.util.List;

/** Bugs of anti-entropy and of the reaping of tombstones. */
final class RepairMutants {

    private RepairMutants() {}

    static void addTo(List<Mutant> all) {
        all.add(
                new Mutant(
                        "the wrong half of the hash tree is compared",
                        requests(request ->
                                request instanceof Request.TreeHashes h && h.level() == 3
                                        ? new Request.TreeHashes(
                                                3, h.indexes().stream().map(i -> i ^ 4).toList())
                                        : request)));
        all.add(
                new Mutant(
                        "[14] the list of a leaf comes back empty",
                        replies((request, reply) ->
                                reply instanceof Reply.LeafEntries
                                        ? new Reply.LeafEntries(List.of())
                                        : reply)));
        all.add(
                new Mutant(
                        "cells that were asked for are left out",
                        replies((request, reply) ->
                                reply instanceof Reply.Cells
                                        ? new Reply.Cells(List.of())
                                        : reply)));
        all.add(
                new Mutant(
                        "[13] anti-entropy ignores who owns a key",
                        assembly(EveryoneOwnsAll::new)));
        all.add(
                new Mutant(
                        "a node without data claims to be synchronised",
                        assembly(AlwaysSynchronised::new)));
        all.add(new Mutant("a tombstone is reaped early", options(o -> withGrace(o, 2_000))));
        all.add(
                new Mutant(
                        "a tombstone is reaped though not all owners hold it",
                        replies((request, reply) ->
                                request instanceof Request.ConfirmTombstones c
                                        ? new Reply.Confirmed(
                                                c.tombstones().stream().map(t -> true).toList())
                                        : reply)));
        all.add(
                new Mutant(
                        "tombstones are passed over by anti-entropy",
                        replies((request, reply) ->
                                reply instanceof Reply.Cells(List<Reply.KeyCell> cells)
                                        ? new Reply.Cells(
                                                cells.stream()
                                                        .filter(c -> c.cell() instanceof Cell.Live)
                                                        .toList())
                                        : reply)));
    }

    private static NodeOptions withGrace(NodeOptions o, long millis) {
        AntiEntropyOptions a = o.antiEntropy();
        return new NodeOptions(
                o.self(),
                o.cluster(),
                o.store(),
                o.hints(),
                o.membership(),
                new AntiEntropyOptions(
                        a.enabled(),
                        a.intervalMillis(),
                        a.maxKeysPerRound(),
                        a.maxKeysPerSecond(),
                        a.youngMillis(),
                        a.requestTimeoutMillis(),
                        a.writeQuorum(),
                        millis,
                        a.reapPeriodMillis()),
                o.coordinator());
    }

    private static final class EveryoneOwnsAll extends Blueprint.Production {

        private final NodeOptions options;

        EveryoneOwnsAll(NodeOptions options, NodePorts ports, Ring ring) {
            super(options, ports, ring);
            this.options = options;
        }

        @Override
        public AntiEntropyScheduler antiEntropy(Ring ring, WalStore store, Membership membership) {
            ClusterConfig c = options.cluster();
            ClusterConfig all =
                    new ClusterConfig(
                            c.cluster(), c.nodes(), c.vnodes(), c.nodes().size(), c.r(), c.w());
            return super.antiEntropy(SimCluster.ring(all), store, membership);
        }
    }

    private static final class AlwaysSynchronised extends Blueprint.Production {

        private final NodePorts ports;

        AlwaysSynchronised(NodeOptions options, NodePorts ports, Ring ring) {
            super(options, ports, ring);
            this.ports = ports;
        }

        @Override
        public AntiEntropyScheduler antiEntropy(Ring ring, WalStore store, Membership membership) {
            store.setSynchronised(true, () -> {});
            ports.scheduler().execute(() -> {});
            return super.antiEntropy(ring, store, membership);
        }
    }
}

package dev.minidynamo.sim;

import static dev.minidynamo.sim.MutantSeams.assembly;
import static dev.minidynamo.sim.MutantSeams.options;
import static dev.minidynamo.sim.MutantSeams.replies;
import static dev.minidynamo.sim.MutantSeams.requests;
import static dev.minidynamo.sim.MutantSeams.sending;
import static dev.minidynamo.sim.Mutants.onReplySoon;

import dev.minidynamo.antientropy.AntiEntropyOptions;
import dev.minidynamo.antientropy.AntiEntropyScheduler;
import dev.minidynamo.antientropy.TombstoneReaper;
import dev.minidynamo.hints.HintManager;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.Version;
import dev.minidynamo.node.NodeAssembly;
import dev.minidynamo.node.NodeOptions;
import dev.minidynamo.node.NodePorts;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Request.Cause;
import dev.minidynamo.protocol.RequestHandler;
import dev.minidynamo.protocol.Transport;
import dev.minidynamo.replica.Replica;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.sim.Mutants.Mutant;
import dev.minidynamo.store.WalStore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Bugs of anti-entropy and of the reaping of tombstones. */
final class RepairMutants {

    private RepairMutants() {}

    static void addTo(List<Mutant> all) {
        all.add(new Mutant("the wrong half of the hash tree is compared", new WrongHalf()));
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
        all.add(
                new Mutant(
                        "a gained partition is served at once",
                        assembly(ServingWhatItGained::new)));
        all.add(
                new Mutant(
                        "a gained partition counts as whole at the peers",
                        replies((request, reply) -> withoutMarksOfGain(reply))));
        all.add(
                new Mutant(
                        "a strict read answers with fewer than max(R, W) holders",
                        options(RepairMutants::withSmallerW)));
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
                        "a node never confirms a tombstone",
                        replies((request, reply) ->
                                request instanceof Request.ConfirmTombstones c
                                        ? new Reply.Confirmed(
                                                c.tombstones().stream().map(t -> false).toList())
                                        : reply)));
        all.add(
                new Mutant(
                        "only the leader forgets a tombstone",
                        sending((real, to, request, priority, timeout, onReply) -> {
                            if (request instanceof Request.ReapTombstones) {
                                onReplySoon(real, to, reply -> onReply.accept(new Reply.Done()));
                            } else {
                                real.send(to, request, priority, timeout, onReply);
                            }
                        })));
        all.add(
                new Mutant(
                        "a delete that is handed over is stamped anew",
                        requests(RepairMutants::stampedAnew)));
        all.add(new Mutant("what anti-entropy brings is buried", requests(RepairMutants::buried)));
        all.add(
                new Mutant(
                        "tombstones are passed over by anti-entropy",
                        sending((real, to, request, priority, timeout, onReply) -> {
                            boolean pushed =
                                    request instanceof Request.Write w
                                            && w.cause() == Cause.ANTI_ENTROPY
                                            && w.cell() instanceof Cell.Tombstone;
                            if (pushed) {
                                onReplySoon(real, to, onReply);
                            } else {
                                real.send(
                                        to,
                                        request,
                                        priority,
                                        timeout,
                                        reply -> onReply.accept(withoutTombstones(reply)));
                            }
                        })));
    }

    private static Request stampedAnew(Request request) {
        return request instanceof Request.Write w
                        && w.cause() == Cause.HINT
                        && w.cell() instanceof Cell.Tombstone
                ? new Request.Write(w.key(), tombstoneAfter(w.cell()), w.cause(), w.hintFor())
                : request;
    }

    private static Request buried(Request request) {
        return request instanceof Request.Write w
                        && w.cause() == Cause.ANTI_ENTROPY
                        && w.cell() instanceof Cell.Live
                ? new Request.Write(w.key(), tombstoneAfter(w.cell()), w.cause(), w.hintFor())
                : request;
    }

    private static Cell tombstoneAfter(Cell cell) {
        Version v = cell.version();
        return new Cell.Tombstone(new Version(v.timestamp() + 1, v.writer(), v.incarnation()));
    }

    private static Reply withoutTombstones(Reply reply) {
        return reply instanceof Reply.Cells(List<Reply.KeyCell> cells)
                ? new Reply.Cells(
                        cells.stream().filter(c -> c.cell() instanceof Cell.Live).toList())
                : reply;
    }

    private static Reply withoutMarksOfGain(Reply reply) {
        return reply instanceof Reply.LeafEntries(List<Reply.LeafEntry> entries)
                ? new Reply.LeafEntries(
                        entries.stream().filter(e -> e.hash() != 0 || e.timestamp() == 0).toList())
                : reply;
    }

    private static final class ServingWhatItGained extends Blueprint.Production {

        private final NodeOptions options;

        ServingWhatItGained(NodeOptions options, NodePorts ports, Ring ring) {
            super(options, ports, ring);
            this.options = options;
        }

        @Override
        public Replica replica(
                WalStore store,
                HintManager hints,
                Membership membership,
                AntiEntropyScheduler antiEntropy) {
            return new Replica(
                    store,
                    hints,
                    antiEntropy::synchronised,
                    key -> antiEntropy.synchronised(),
                    membership::clusterMillis,
                    options.coordinator().maxDriftMillis());
        }
    }

    /** Only the coordinator's reads know W from here. */
    private static NodeOptions withSmallerW(NodeOptions o) {
        ClusterConfig c = o.cluster();
        return new NodeOptions(
                o.self(),
                new ClusterConfig(
                        c.cluster(), c.nodes(), c.vnodes(), c.n(), c.r(), Math.max(1, c.w() - 1)),
                o.store(),
                o.hints(),
                o.membership(),
                o.antiEntropy(),
                o.coordinator());
    }

    private static NodeOptions withGrace(NodeOptions o, long millis) {
        AntiEntropyOptions a = o.antiEntropy();
        return MutantSeams.with(
                o,
                o.store(),
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

    /** Nor do its peers tell it that it once had more. */
    private static final class AlwaysSynchronised extends Blueprint.Production {

        private final NodePorts ports;

        AlwaysSynchronised(NodeOptions options, NodePorts ports, Ring ring) {
            super(
                    options,
                    MutantSeams.withRemote(
                            ports,
                            (to, request, priority, timeout, onReply) ->
                                    ports.remote()
                                            .send(
                                                    to,
                                                    request,
                                                    priority,
                                                    timeout,
                                                    reply ->
                                                            onReply.accept(
                                                                    MutantSeams.withoutMark(
                                                                            request, reply)))),
                    ring);
            this.ports = ports;
        }

        @Override
        public AntiEntropyScheduler antiEntropy(Ring ring, WalStore store, Membership membership) {
            store.setSynchronised(true, () -> {});
            ports.scheduler().execute(() -> {});
            return super.antiEntropy(ring, store, membership);
        }
    }

    /** Takes the differences in one half of a partition's leaves for those in the other. */
    private static final class WrongHalf implements Blueprint {

        private static final int LEAF_LEVEL = 3;
        private static final int HALF = 2;

        @Override
        public NodeAssembly assembly(NodeOptions options, NodePorts ports, Ring ring) {
            RequestHandler[] own = {null};
            Transport real = ports.remote();
            Transport wrong =
                    (to, request, priority, timeout, onReply) -> {
                        if (!(request instanceof Request.TreeHashes h) || h.level() != LEAF_LEVEL) {
                            real.send(to, request, priority, timeout, onReply);
                            return;
                        }
                        Request other = otherHalf(h);
                        Consumer<Reply> compare =
                                theirs -> {
                                    Reply[] ours = {null, null};
                                    own[0].handle(to, other, reply -> ours[0] = reply);
                                    own[0].handle(to, h, reply -> ours[1] = reply);
                                    onReply.accept(moved(theirs, ours[0], ours[1]));
                                };
                        real.send(to, other, priority, timeout, compare);
                    };
            return new Blueprint.Production(options, MutantSeams.withRemote(ports, wrong), ring) {
                @Override
                public RequestHandler handler(
                        Replica replica,
                        AntiEntropyScheduler antiEntropy,
                        TombstoneReaper reaper,
                        Membership membership) {
                    own[0] = super.handler(replica, antiEntropy, reaper, membership);
                    return own[0];
                }
            };
        }

        private static Request otherHalf(Request.TreeHashes h) {
            return new Request.TreeHashes(
                    h.level(), h.indexes().stream().map(i -> i ^ HALF).toList());
        }

        private static Reply moved(Reply theirs, Reply ours, Reply truth) {
            if (!(theirs instanceof Reply.Hashes(List<Long> t)
                    && ours instanceof Reply.Hashes(List<Long> o)
                    && truth instanceof Reply.Hashes(List<Long> own))) {
                return theirs;
            }
            List<Long> shown = new ArrayList<>();
            for (int i = 0; i < own.size(); i++) {
                shown.add(t.get(i).equals(o.get(i)) ? own.get(i) : own.get(i) + 1);
            }
            return new Reply.Hashes(shown);
        }
    }
}

package dev.minidynamo.sim;

import static dev.minidynamo.sim.MutantSeams.assembly;
import static dev.minidynamo.sim.MutantSeams.disk;
import static dev.minidynamo.sim.MutantSeams.files;
import static dev.minidynamo.sim.MutantSeams.options;
import static dev.minidynamo.sim.MutantSeams.replica;
import static dev.minidynamo.sim.MutantSeams.replies;
import static dev.minidynamo.sim.MutantSeams.requests;
import static dev.minidynamo.sim.MutantSeams.sending;

import dev.minidynamo.antientropy.AntiEntropyOptions;
import dev.minidynamo.antientropy.AntiEntropyScheduler;
import dev.minidynamo.env.DiskFile;
import dev.minidynamo.env.DiskFullException;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.node.Node;
import dev.minidynamo.node.NodeOptions;
import dev.minidynamo.node.NodePorts;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Request.Cause;
import dev.minidynamo.protocol.Transport.Priority;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.sim.MutantSeams.PassingDisk;
import dev.minidynamo.sim.MutantSeams.PassingFile;
import dev.minidynamo.store.WalStore;
import dev.minidynamo.version.HybridLogicalClock;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The bugs that can be planted; numbers in brackets are those of the list of known bugs. */
final class Mutants {

    private Mutants() {}

    /**
     * A bug.
     *
     * @param name what the code would do wrong, in one sentence
     */
    record Mutant(String name, Blueprint blueprint) {

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>();
        writes(all);
        hints(all);
        disks(all);
        replicas(all);
        antiEntropy(all);
        clocksAndMembers(all);
        return all;
    }

    // ---- the way of a write

    private static void writes(List<Mutant> all) {
        all.add(
                new Mutant(
                        "[3] writes that are still in flight at W are cancelled",
                        sending((real, to, request, priority, timeout, onReply) -> {
                            if (!isClientWrite(request) || to.value().charAt(1) % 2 == 0) {
                                real.send(to, request, priority, timeout, onReply);
                            }
                        })));
        all.add(
                new Mutant(
                        "[7] a write without an answer counts as acknowledged",
                        replies((request, reply) ->
                                isClientWrite(request) && reply instanceof Reply.Failed
                                        ? new Reply.Written()
                                        : reply)));
        all.add(
                new Mutant(
                        "[20] a full disk counts as acknowledged",
                        replies((request, reply) ->
                                isClientWrite(request) && reply instanceof Reply.Refused
                                        ? new Reply.Written()
                                        : reply)));
        all.add(
                new Mutant(
                        "[10] a replica hides that it holds something newer",
                        replica((rooms, from, request, onReply) ->
                                rooms.real()
                                        .handle(
                                                from,
                                                request,
                                                reply ->
                                                        onReply.accept(
                                                                reply instanceof Reply.Superseded
                                                                        ? new Reply.Written()
                                                                        : reply)))));
        all.add(
                new Mutant(
                        "a replica acknowledges before its log is forced",
                        replica((rooms, from, request, onReply) -> {
                            if (isClientWrite(request)) {
                                rooms.real().handle(from, request, reply -> {});
                                onReply.accept(new Reply.Written());
                            } else {
                                rooms.real().handle(from, request, onReply);
                            }
                        })));
        all.add(
                new Mutant(
                        "a request that gets no answer never ends",
                        sending((real, to, request, priority, timeout, onReply) ->
                                real.send(
                                        to,
                                        request,
                                        priority,
                                        timeout,
                                        reply -> {
                                            if (!(reply instanceof Reply.Failed)) {
                                                onReply.accept(reply);
                                            }
                                        }))));
        all.add(
                new Mutant(
                        "[11] two cells of one version differ",
                        requests(request ->
                                request instanceof Request.Write write
                                                && write.cause() == Cause.READ_REPAIR
                                                && write.cell() instanceof Cell.Live live
                                        ? new Request.Write(
                                                write.key(), altered(live), write.cause(), null)
                                        : request)));
        all.add(
                new Mutant(
                        "read repair is not waited for",
                        sending((real, to, request, priority, timeout, onReply) -> {
                            boolean repair =
                                    request instanceof Request.Write w
                                            && w.cause() == Cause.READ_REPAIR;
                            if (repair) {
                                real.send(to, new Request.Ping(0), priority, timeout, p -> {});
                                onReplySoon(real, to, onReply);
                            } else {
                                real.send(to, request, priority, timeout, onReply);
                            }
                        })));
    }

    private static void onReplySoon(
            dev.minidynamo.protocol.Transport real,
            NodeId to,
            java.util.function.Consumer<Reply> onReply) {
        real.send(
                to,
                new Request.Ping(0),
                Priority.CLIENT,
                1,
                reply -> onReply.accept(new Reply.Written()));
    }

    private static boolean isClientWrite(Request request) {
        return request instanceof Request.Write write
                && write.cause() == Cause.CLIENT
                && write.hintFor() == null;
    }

    private static Cell altered(Cell.Live live) {
        byte[] bytes = live.value().clone();
        bytes[bytes.length - 1] ^= 1;
        return new Cell.Live(live.version(), bytes, live.contentType(), live.expiresAtMillis());
    }

    // ---- hints

    private static boolean isHint(Request request) {
        return request instanceof Request.Write write && write.hintFor() != null;
    }

    private static boolean isDelivery(Request request) {
        return request instanceof Request.Write write && write.cause() == Cause.HINT;
    }

    private static void hints(List<Mutant> all) {
        all.add(
                new Mutant(
                        "[1] [2] no hint is kept beside the own copy",
                        replica((rooms, from, request, onReply) -> {
                            if (isHint(request) && from.equals(rooms.options().self())) {
                                onReply.accept(new Reply.Written());
                            } else {
                                rooms.real().handle(from, request, onReply);
                            }
                        })));
        all.add(
                new Mutant(
                        "[5] a fallback keeps a plain copy instead of a hint",
                        replica((rooms, from, request, onReply) ->
                                rooms.real()
                                        .handle(
                                                from,
                                                request instanceof Request.Write w
                                                        ? new Request.Write(
                                                                w.key(), w.cell(), w.cause(), null)
                                                        : request,
                                                onReply))));
        all.add(
                new Mutant(
                        "a hint is deleted before its target has acknowledged it",
                        sending((real, to, request, priority, timeout, onReply) -> {
                            if (isDelivery(request)) {
                                onReplySoon(real, to, onReply);
                            } else {
                                real.send(to, request, priority, timeout, onReply);
                            }
                        })));
        all.add(
                new Mutant(
                        "[17] a hint whose delivery failed counts as delivered",
                        replies((request, reply) ->
                                isDelivery(request)
                                                && (reply instanceof Reply.Failed
                                                        || reply instanceof Reply.Refused)
                                        ? new Reply.Written()
                                        : reply)));
        all.add(
                new Mutant(
                        "a hint is acknowledged before it is durable",
                        replica((rooms, from, request, onReply) -> {
                            if (isHint(request)) {
                                rooms.real().handle(from, request, reply -> {});
                                onReply.accept(new Reply.Written());
                            } else {
                                rooms.real().handle(from, request, onReply);
                            }
                        })));
        all.add(
                new Mutant(
                        "a hint is kept for the wrong node",
                        replica((rooms, from, request, onReply) ->
                                rooms.real()
                                        .handle(
                                                from,
                                                isHint(request)
                                                        ? misdirected(
                                                                rooms, (Request.Write) request)
                                                        : request,
                                                onReply))));
        all.add(
                new Mutant(
                        "[16] hints are never delivered",
                        sending((real, to, request, priority, timeout, onReply) -> {
                            if (isDelivery(request)) {
                                real.send(
                                        to,
                                        new Request.Ping(0),
                                        priority,
                                        timeout,
                                        r ->
                                                onReply.accept(
                                                        new Reply.Failed(
                                                                Reply.Failure.TIMEOUT, "mutant")));
                            } else {
                                real.send(to, request, priority, timeout, onReply);
                            }
                        })));
        all.add(
                new Mutant(
                        "[22] hints are forgotten at a restart",
                        disk(real ->
                                new PassingDisk(real) {
                                    @Override
                                    public List<String> list(String directory) throws IOException {
                                        return directory.equals("hints")
                                                ? List.of()
                                                : super.list(directory);
                                    }
                                })));
    }

    private static Request misdirected(MutantSeams.Rooms rooms, Request.Write write) {
        for (NodeId node : rooms.ring().nodes()) {
            if (!node.equals(write.hintFor()) && !node.equals(rooms.options().self())) {
                return new Request.Write(write.key(), write.cell(), write.cause(), node);
            }
        }
        return write;
    }

    // ---- disks

    private static void disks(List<Mutant> all) {
        all.add(
                new Mutant(
                        "nothing is ever forced",
                        files(real ->
                                new PassingFile(real) {
                                    @Override
                                    public void force() {}
                                })));
        all.add(
                new Mutant(
                        "every other force is left out",
                        files(real ->
                                new PassingFile(real) {
                                    private int count;

                                    @Override
                                    public void force() throws IOException {
                                        if (count++ % 2 == 0) {
                                            super.force();
                                        }
                                    }
                                })));
        all.add(
                new Mutant(
                        "a failed force is ignored",
                        files(real ->
                                new PassingFile(real) {
                                    @Override
                                    public void force() {
                                        try {
                                            super.force();
                                        } catch (IOException ignored) {
                                            return;
                                        }
                                    }
                                })));
        all.add(
                new Mutant(
                        "[20] a failed write is ignored",
                        files(real ->
                                new PassingFile(real) {
                                    @Override
                                    public void write(long at, ByteBuffer from) {
                                        try {
                                            super.write(at, from);
                                        } catch (IOException ignored) {
                                            from.position(from.limit());
                                        }
                                    }
                                })));
        all.add(
                new Mutant(
                        "[21] a full disk is ignored",
                        files(real ->
                                new PassingFile(real) {
                                    @Override
                                    public void write(long at, ByteBuffer from) throws IOException {
                                        try {
                                            super.write(at, from);
                                        } catch (DiskFullException ignored) {
                                            from.position(from.limit());
                                        }
                                    }
                                })));
        all.add(
                new Mutant(
                        "[26] directories are never forced",
                        disk(real ->
                                new PassingDisk(real) {
                                    @Override
                                    public void forceDirectory(String path) {}
                                })));
        all.add(
                new Mutant(
                        "[22] recovery loses the end of the log",
                        disk(real -> new ShortDisk(real, 64))));
        all.add(new Mutant("the force of a batch happens with the next one", files(LazyFile::new)));
    }

    /** A disk whose log files seem shorter than they are when they are opened. */
    private static final class ShortDisk extends PassingDisk {

        private final int missing;

        ShortDisk(dev.minidynamo.env.Disk real, int missing) {
            super(real);
            this.missing = missing;
        }

        @Override
        public DiskFile open(String path) throws IOException {
            DiskFile file = super.open(path);
            return path.startsWith("kv/") && path.endsWith(".seg") && file.size() > 0
                    ? zeroed(file)
                    : file;
        }

        /** The last record's bytes read as zeros, as if they had been lost. */
        private DiskFile zeroed(DiskFile file) throws IOException {
            ByteBuffer all = ByteBuffer.allocate((int) file.size());
            file.read(0, all);
            int end = all.position();
            while (end > 0 && all.get(end - 1) == 0) {
                end--;
            }
            if (end > 512) {
                file.write(end - missing, ByteBuffer.allocate(missing));
            }
            return file;
        }
    }

    private static final class LazyFile extends PassingFile {

        private boolean due;

        LazyFile(DiskFile real) {
            super(real);
        }

        @Override
        public void force() throws IOException {
            if (due) {
                super.force();
            }
            due = true;
        }

        @Override
        public void write(long at, ByteBuffer from) throws IOException {
            if (due) {
                due = false;
                super.force();
            }
            super.write(at, from);
        }
    }

    // ---- replicas

    private static void replicas(List<Mutant> all) {
        all.add(
                new Mutant(
                        "an older version replaces a newer one",
                        replica((rooms, from, request, onReply) -> {
                            Version held =
                                    isClientWrite(request)
                                            ? rooms.store().version(((Request.Write) request).key())
                                            : null;
                            if (held != null) {
                                rooms.store()
                                        .forget(
                                                ((Request.Write) request).key(),
                                                held,
                                                done ->
                                                        rooms.real()
                                                                .handle(from, request, onReply));
                            } else {
                                rooms.real().handle(from, request, onReply);
                            }
                        })));
        all.add(
                new Mutant(
                        "a deleted key reads as one that was never there",
                        replica((rooms, from, request, onReply) ->
                                rooms.real()
                                        .handle(
                                                from,
                                                request,
                                                reply ->
                                                        onReply.accept(
                                                                reply
                                                                                instanceof
                                                                                Reply.Found(
                                                                                        Cell
                                                                                                        .Tombstone
                                                                                                t)
                                                                        ? new Reply.Missing()
                                                                        : reply)))));
        all.add(new Mutant("a replica answers reads from a cache", new CachingBlueprint()));
        all.add(
                new Mutant(
                        "[32] two keys become one",
                        replica((rooms, from, request, onReply) ->
                                rooms.real().handle(from, merged(request), onReply))));
        all.add(
                new Mutant(
                        "a replica says it holds nothing",
                        replica((rooms, from, request, onReply) -> {
                            if (request instanceof Request.Read
                                    && rooms.options().self().equals(Shape.id(0))) {
                                onReply.accept(new Reply.Missing());
                            } else {
                                rooms.real().handle(from, request, onReply);
                            }
                        })));
        all.add(
                new Mutant(
                        "[12] a rejected write is sent all the same",
                        assembly(RejectedButSent::new)));
    }

    private static Request merged(Request request) {
        return switch (request) {
            case Request.Write w when w.hintFor() == null ->
                    new Request.Write(merged(w.key()), w.cell(), w.cause(), null);
            case Request.Read r -> new Request.Read(merged(r.key()), r.known(), r.hints());
            default -> request;
        };
    }

    private static Key merged(Key key) {
        return key.equals(Key.utf8("key-1")) ? Key.utf8("key-0") : key;
    }

    private static final class CachingBlueprint implements Blueprint {

        @Override
        public dev.minidynamo.node.NodeAssembly assembly(
                NodeOptions options, NodePorts ports, Ring ring) {
            Map<Key, Reply> cache = new TreeMap<>();
            return replica(
                            (rooms, from, request, onReply) -> {
                                if (request instanceof Request.Read read && read.known() == null) {
                                    Reply cached = cache.get(read.key());
                                    if (cached != null) {
                                        onReply.accept(cached);
                                        return;
                                    }
                                    rooms.real()
                                            .handle(
                                                    from,
                                                    request,
                                                    reply -> {
                                                        if (reply instanceof Reply.Found) {
                                                            cache.put(read.key(), reply);
                                                        }
                                                        onReply.accept(reply);
                                                    });
                                } else {
                                    rooms.real().handle(from, request, onReply);
                                }
                            })
                    .assembly(options, ports, ring);
        }
    }

    // ---- anti-entropy and tombstones

    private static void antiEntropy(List<Mutant> all) {
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

    // ---- clocks, members, messages

    private static void clocksAndMembers(List<Mutant> all) {
        all.add(
                new Mutant(
                        "[10] the hybrid clock begins anew at each restart",
                        assembly(ForgetfulClock::new)));
        all.add(new Mutant("[12] any timestamp is accepted", options(Mutants::withEndlessDrift)));
        all.add(
                new Mutant(
                        "a message is taken however old it is",
                        new Admitting(
                                Blueprint.PRODUCTION,
                                (real, batch) -> {
                                    var refusal = real.refusal(batch);
                                    return refusal != null
                                                    && refusal.reason()
                                                            == Reply.Reason.STALE_MESSAGE
                                            ? null
                                            : refusal;
                                })));
        all.add(
                new Mutant(
                        "[19] a node with another ring is listened to",
                        new Admitting(
                                Blueprint.PRODUCTION,
                                (real, batch) -> {
                                    var refusal = real.refusal(batch);
                                    return refusal != null
                                                    && refusal.reason()
                                                            == Reply.Reason.RING_MISMATCH
                                            ? null
                                            : refusal;
                                })));
        all.add(
                new Mutant(
                        "a peer that was down once is never asked again", new GrudgingBlueprint()));
    }

    private static NodeOptions withEndlessDrift(NodeOptions o) {
        var c = o.coordinator();
        return new NodeOptions(
                o.self(),
                o.cluster(),
                o.store(),
                o.hints(),
                o.membership(),
                o.antiEntropy(),
                new dev.minidynamo.coordinator.CoordinatorOptions(
                        c.standInAfterMillis(),
                        Long.MAX_VALUE >>> 20,
                        c.maxInFlightBytes(),
                        c.maxBackgroundRepairs()));
    }

    private static final class ForgetfulClock extends Blueprint.Production {

        private final NodePorts ports;

        ForgetfulClock(NodeOptions options, NodePorts ports, Ring ring) {
            super(options, ports, ring);
            this.ports = ports;
        }

        @Override
        public HybridLogicalClock hybridClock(WalStore store) {
            return new HybridLogicalClock(ports.clock(), 0);
        }
    }

    /** A blueprint that lets other batches in. */
    private record Admitting(Blueprint base, Judge judge) implements Blueprint {

        interface Judge {
            dev.minidynamo.protocol.BatchAnswer.Refusal refusal(
                    Admission real, dev.minidynamo.protocol.RequestBatch batch);
        }

        @Override
        public dev.minidynamo.node.NodeAssembly assembly(
                NodeOptions options, NodePorts ports, Ring ring) {
            return base.assembly(options, ports, ring);
        }

        @Override
        public Admission admission(Node node, ClusterConfig config) {
            Admission real = base.admission(node, config);
            return batch -> judge.refusal(real, batch);
        }
    }

    private static final class GrudgingBlueprint implements Blueprint {

        @Override
        public dev.minidynamo.node.NodeAssembly assembly(
                NodeOptions options, NodePorts ports, Ring ring) {
            Map<NodeId, Boolean> down = new TreeMap<>();
            return sending((real, to, request, priority, timeout, onReply) ->
                            real.send(
                                    to,
                                    down.containsKey(to) ? new Request.Ping(0) : request,
                                    priority,
                                    timeout,
                                    reply -> {
                                        boolean lost =
                                                reply instanceof Reply.Failed
                                                        || down.containsKey(to);
                                        if (lost) {
                                            down.put(to, true);
                                        }
                                        onReply.accept(
                                                lost
                                                        ? new Reply.Failed(
                                                                Reply.Failure.UNREACHABLE, "mutant")
                                                        : reply);
                                    }))
                    .assembly(options, ports, ring);
        }
    }

    /** Sends what it has rejected to one replica. */
    private static final class RejectedButSent extends Blueprint.Production {

        private final NodeOptions options;
        private final NodePorts ports;

        RejectedButSent(NodeOptions options, NodePorts ports, Ring ring) {
            super(options, ports, ring);
            this.options = options;
            this.ports = ports;
        }

        @Override
        public dev.minidynamo.coordinator.QuorumCoordinator coordinator(
                Ring ring,
                WalStore store,
                Membership membership,
                HybridLogicalClock hlc,
                dev.minidynamo.node.ClockKeeper keeper) {
            return new LeakyCoordinator(
                    super.coordinator(ring, store, membership, hlc, keeper),
                    new LeakyCoordinator.Parts(options, ports, ring, hlc, store.incarnation()));
        }
    }
}

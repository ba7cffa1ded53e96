package dev.minidynamo.antientropy;

import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.membership.MembershipOptions;
import dev.minidynamo.membership.MembershipPorts;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.BatchAnswer;
import dev.minidynamo.protocol.BatchCodec;
import dev.minidynamo.protocol.BatchHeader;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Reply.Failure;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.RequestBatch;
import dev.minidynamo.protocol.Transport;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.sim.SimDisk;
import dev.minidynamo.sim.SimLife;
import dev.minidynamo.sim.SimWorker;
import dev.minidynamo.store.ApplyResult;
import dev.minidynamo.store.StoreOptions;
import dev.minidynamo.store.StorePorts;
import dev.minidynamo.store.StoredCell;
import dev.minidynamo.store.WalStore;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** One replica of a {@link ReplicaNet}; it can be killed, and its disk changed while it is down. */
final class ReplicaNode implements Transport {

    private static final BatchCodec CODEC = new BatchCodec();

    final ReplicaNet net;
    final NodeId id;
    final Set<NodeId> cutFrom = new HashSet<>();
    final Map<Key, Version> olderHints = new TreeMap<>();
    SimDisk disk;
    boolean alive;
    WalStore store;
    HashTree tree;
    Membership membership;
    AntiEntropyScheduler antiEntropy;
    TombstoneReaper reaper;
    private SimLife life;

    ReplicaNode(ReplicaNet net, NodeId id) {
        this.net = net;
        this.id = id;
        life = new SimLife(id.value());
        disk = new SimDisk(net.random.split());
    }

    /** Starts the process; it is there a moment later. */
    void start() {
        life = new SimLife(id.value());
        Scheduler scheduler = net.loop.scheduler(life);
        StoreOptions options = StoreOptions.defaults("test", id);
        WalStore.open(
                new StorePorts(
                        disk,
                        new SimWorker(net.loop, life, disk),
                        new SimWorker(net.loop, life, disk),
                        net.loop.clock(ReplicaNet.WALL_START),
                        scheduler,
                        net.random.split(),
                        Ring::tokenOf,
                        fatal -> {
                            throw new AssertionError(fatal);
                        },
                        progress -> {}),
                options.withLog(options.log().withSegments(1 << 20, 1 << 16).withReserve(1 << 16)),
                opened -> opened(opened, scheduler),
                failure -> {
                    throw new AssertionError(failure);
                });
    }

    /** Starts the process and waits until its store is open. */
    void startAndWait() {
        start();
        if (!net.loop.runUntil(() -> alive, 10_000)) {
            throw new AssertionError(id + " did not start");
        }
    }

    private void opened(WalStore opened, Scheduler scheduler) {
        store = opened;
        Clock clock = net.loop.clock(ReplicaNet.WALL_START);
        membership =
                new Membership(
                        id,
                        net.ids,
                        new MembershipPorts(clock, scheduler, this),
                        MembershipOptions.defaults());
        tree = new HashTree(id, net.ring);
        AntiEntropyPorts ports = new AntiEntropyPorts(clock, scheduler, this, membership);
        antiEntropy = new AntiEntropyScheduler(id, net.ring, store, tree, ports, net.options);
        reaper = new TombstoneReaper(id, net.ring, store, this::holdsOlderHint, ports, net.options);
        alive = true;
        membership.start();
        antiEntropy.start();
        reaper.start();
    }

    /** Lets the node, when it starts again, find that it was away since {@code millis}. */
    void rememberLastAlive(long millis) {
        store.persistClock(0, millis, () -> {});
        net.loop.runFor(5);
    }

    /** Puts a cell into the store although the other nodes will not hear of it, then kills it. */
    void plantAndKill(String key, Cell cell) {
        antiEntropy.stop();
        net.ids.forEach(cutFrom::add);
        put(key, cell);
        net.loop.runFor(5);
        kill();
        cutFrom.clear();
    }

    private boolean holdsOlderHint(Key key, Version version) {
        Version held = olderHints.get(key);
        return held != null && version.isNewerThan(held);
    }

    void kill() {
        alive = false;
        life.end();
        disk.killProcess();
    }

    void loseDisk() {
        kill();
        disk.lose();
    }

    SimDisk copyOfDisk() {
        return SimDisk.copyOf(disk, net.random.split());
    }

    /** Brings back a backup. */
    void restore(SimDisk backup) {
        kill();
        disk = backup;
    }

    /** Flips a bit of the record of a key, wherever it lies in the log. */
    void flipBitIn(String key) {
        byte[] wanted = key.getBytes(StandardCharsets.UTF_8);
        List<String> segments = disk.paths().stream().filter(p -> p.endsWith(".seg")).toList();
        for (String path : segments) {
            byte[] bytes = disk.bytes(path);
            for (int i = 0; i + wanted.length < bytes.length; i++) {
                if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)
                        && !Character.isDigit(bytes[i + wanted.length])) {
                    disk.flipBit(path, i * 8L + 3);
                }
            }
        }
    }

    /** Damages records in the log so that their keys cannot be told. */
    void overwriteInTheMiddleOfTheLog() {
        String path =
                disk.paths().stream()
                        .filter(p -> p.startsWith("kv/"))
                        .max(Comparator.comparingInt(p -> disk.bytes(p).length))
                        .orElseThrow();
        byte[] bytes = disk.bytes(path);
        Arrays.fill(bytes, 5_000, 6_000, (byte) 0x5a);
        disk.put(path, bytes);
    }

    boolean synchronised() {
        return alive && antiEntropy.synchronised();
    }

    /** The cell held for a key, or null. */
    @Nullable Cell cell(String key) {
        return store.byToken(Ring.tokenOf(Key.utf8(key))).stream()
                .map(StoredCell::cell)
                .findFirst()
                .orElse(null);
    }

    boolean hasLive(String key) {
        return cell(key) instanceof Cell.Live;
    }

    /** Number of entries held. */
    int size() {
        int size = 0;
        for (int leaf = 0; leaf < HashTree.LEAVES; leaf++) {
            size += tree.entries(leaf);
        }
        return size;
    }

    /** Stores a cell as if a client had written it here and nowhere else. */
    void put(String key, Cell cell) {
        store.apply(Key.utf8(key), cell, result -> {});
    }

    @Override
    public void send(
            NodeId to,
            Request request,
            Priority priority,
            long timeoutMillis,
            Consumer<Reply> onReply) {
        SimLife own = life;
        boolean[] answered = {false};
        Consumer<Reply> once =
                reply -> {
                    if (!answered[0]) {
                        answered[0] = true;
                        onReply.accept(reply);
                    }
                };
        net.loop
                .scheduler(own)
                .after(
                        timeoutMillis,
                        () -> once.accept(new Reply.Failed(Failure.TIMEOUT, "no answer")));
        if (cutFrom.contains(to)) {
            return;
        }
        if (!to.equals(id)) {
            net.count(id, priority, size(request), request instanceof Request.Write);
        }
        ReplicaNode receiver = net.nodes.get(to);
        BatchHeader header = header();
        deliver(
                net.loop.nowNanos() + delay(to),
                receiver.life,
                () -> {
                    if (!receiver.alive || receiver.cutFrom.contains(id)) {
                        return;
                    }
                    receiver.membership.observeMark(header);
                    receiver.handle(
                            id,
                            request,
                            reply -> {
                                if (!to.equals(id)) {
                                    net.count(to, priority, size(reply), false);
                                }
                                deliver(
                                        net.loop.nowNanos() + delay(to),
                                        own,
                                        () -> once.accept(reply));
                            });
                });
        if (!receiver.alive && !to.equals(id)) {
            net.loop.at(
                    net.loop.nowNanos() + delay(to),
                    own,
                    () -> once.accept(new Reply.Failed(Failure.UNREACHABLE, "refused")));
        }
    }

    private void deliver(long atNanos, SimLife receiver, Runnable task) {
        net.loop.at(atNanos, receiver, task);
    }

    private long delay(NodeId to) {
        return to.equals(id) ? 1_000 : 200_000 + net.random.nextInt(600_000);
    }

    private void handle(NodeId from, Request request, Consumer<Reply> onReply) {
        switch (request) {
            case Request.Write write ->
                    store.apply(
                            write.key(), write.cell(), result -> onReply.accept(answer(result)));
            case Request.Ping _ ->
                    onReply.accept(
                            new Reply.Pong(
                                    net.now(),
                                    antiEntropy.synchronised(),
                                    antiEntropy.blankMillisAgo(),
                                    membership.markOf(from)));
            case Request.TreeHashes hashes -> onReply.accept(antiEntropy.treeHashes(from, hashes));
            case Request.LeafList leaves -> onReply.accept(antiEntropy.leafList(leaves));
            case Request.Fetch fetch -> onReply.accept(antiEntropy.fetch(from, fetch));
            case Request.ConfirmTombstones confirm -> onReply.accept(reaper.confirm(confirm));
            case Request.ReapTombstones reap -> reaper.reap(reap, onReply);
            default -> throw new AssertionError("not part of this test: " + request);
        }
    }

    private static Reply answer(ApplyResult result) {
        return switch (result) {
            case ApplyResult.Applied _ -> new Reply.Written();
            case ApplyResult.Superseded superseded -> new Reply.Superseded(superseded.current());
            case ApplyResult.DiskFull full ->
                    new Reply.Refused(Reply.Reason.DISK_FULL, full.toString());
            case ApplyResult.Overloaded overloaded ->
                    new Reply.Refused(Reply.Reason.OVERLOADED, overloaded.toString());
        };
    }

    private BatchHeader header() {
        return new BatchHeader(id, 1, 1, 1, antiEntropy.mark());
    }

    private long size(Request request) {
        return CODEC.encode(
                                new RequestBatch(
                                        header(),
                                        List.of(
                                                new RequestBatch.Item(
                                                        1, Priority.ANTI_ENTROPY, request))))
                        .length
                - CODEC.encode(new RequestBatch(header(), List.of())).length;
    }

    private long size(Reply reply) {
        BatchAnswer one = new BatchAnswer.Replies(header(), List.of(reply));
        BatchAnswer none = new BatchAnswer.Replies(header(), List.of());
        return CODEC.encode(one, Integer.MAX_VALUE).length
                - CODEC.encode(none, Integer.MAX_VALUE).length;
    }
}

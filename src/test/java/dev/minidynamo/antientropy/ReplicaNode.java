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
import dev.minidynamo.sim.SimLife;
import dev.minidynamo.store.ApplyResult;
import dev.minidynamo.store.WalStore;
import dev.minidynamo.version.CellMerge;
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
    WalStore.Img disk = new WalStore.Img();
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
    }

    void start() {
        life = new SimLife(id.value());
        Scheduler scheduler = net.loop.scheduler(life);
        Clock clock = net.loop.clock(ReplicaNet.WALL_START);
        store = new WalStore(disk, scheduler, Ring::tokenOf, CellMerge.ORDER);
        membership =
                new Membership(
                        id,
                        net.ids,
                        new MembershipPorts(clock, scheduler, this),
                        MembershipOptions.defaults());
        tree = new HashTree(id, net.ring);
        AntiEntropyPorts ports = new AntiEntropyPorts(clock, scheduler, this, membership);
        antiEntropy = new AntiEntropyScheduler(id, net.ring, store, tree, ports, net.options);
        reaper =
                new TombstoneReaper(
                        id, net.ring, store, this::holdsOlderHint, ports, net.options);
        alive = true;
        membership.start();
        antiEntropy.start();
        reaper.start();
    }

    private boolean holdsOlderHint(Key key, Version version) {
        Version held = olderHints.get(key);
        return held != null && version.isNewerThan(held);
    }

    void kill() {
        alive = false;
        disk.alive = net.now();
        life.end();
    }

    void loseDisk() {
        kill();
        disk = new WalStore.Img();
    }

    boolean synchronised() {
        return alive && antiEntropy.synchronised();
    }

    Map<Key, Cell> cells() {
        return disk.cells;
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
        deliver(
                net.loop.nowNanos() + delay(to),
                receiver.life,
                () -> {
                    if (receiver.cutFrom.contains(id)) {
                        return;
                    }
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
        if (!receiver.alive) {
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
                                    net.now(), antiEntropy.synchronised(), antiEntropy.blank()));
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
        };
    }

    private BatchHeader header() {
        return new BatchHeader(id, 1, 1, 1);
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

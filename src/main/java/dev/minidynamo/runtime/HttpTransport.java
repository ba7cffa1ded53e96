package dev.minidynamo.runtime;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.BatchCodec;
import dev.minidynamo.protocol.LinkFaults;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Reply.Failure;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Transport;
import dev.minidynamo.protocol.WireIdentity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The transport between nodes over HTTP: per peer one lane for clients' writes, one for reads and
 * heartbeats, one for background work, each with its own queue, threads and kept-alive connections.
 *
 * <p>So a peer that hangs holds up nobody else, and a repair in the background never stands before
 * a client. Every request is answered exactly once: by the peer, by what went wrong, or, at the
 * latest a few milliseconds after its time is up, by a sweep on the event loop. A POST that nobody
 * waits for any more is broken off, so that a peer that comes back after a pause finds no old
 * queue.
 *
 * <p>Called on the event loop throughout.
 */
public final class HttpTransport implements Transport, AutoCloseable {

    private static final long SWEEP_MILLIS = 10;

    /**
     * Posts of writes to one peer at a time. Each is answered after a force of the peer's log and
     * its wait for other writers, some 3 ms, so that with one alone a write would wait for two.
     */
    private static final int WRITE_POSTS = 4;

    private final NodeId self;
    private final EventLoop loop;
    private final Map<NodeId, Lanes> peers = new TreeMap<>();
    private final List<Outstanding> outstanding = new ArrayList<>();
    private final TransportOptions options;
    private final OtherRings otherRings = new OtherRings();
    private boolean sweepArranged;
    private boolean closed;

    private record Lanes(PeerLane writes, PeerLane reads, PeerLane background) {

        PeerLane of(Request request, Priority priority) {
            if (priority != Priority.CLIENT) {
                return background;
            }
            return request instanceof Request.Write ? writes : reads;
        }

        List<PeerLane> all() {
            return List.of(writes, reads, background);
        }
    }

    private record Outstanding(PendingRequest pending, String peer) {}

    public HttpTransport(NodeId self, EventLoop loop, TransportOptions options) {
        this.self = self;
        this.loop = loop;
        this.options = options;
    }

    /**
     * Makes the lanes to every other node; before the first {@link #send}.
     *
     * @param faults faults put upon the links on purpose
     */
    public void connect(ClusterConfig config, WireIdentity identity, LinkFaults faults) {
        PeerLane.Context context =
                new PeerLane.Context(loop, identity, faults, new BatchCodec(), otherRings);
        for (ClusterConfig.Member member : config.nodes()) {
            if (!member.id().equals(self)) {
                Peer peer = Peer.of(member);
                String to = "to-" + peer.id();
                peers.put(
                        member.id(),
                        new Lanes(
                                new PeerLane(to + "-writes", peer, options, context, WRITE_POSTS),
                                new PeerLane(to + "-reads", peer, options, context, 1),
                                new PeerLane(to + "-background", peer, options, context, 1)));
            }
        }
    }

    @Override
    public void send(
            NodeId to,
            Request request,
            Priority priority,
            long timeoutMillis,
            Consumer<Reply> onReply) {
        long deadline = System.nanoTime() + Math.max(0, timeoutMillis) * 1_000_000L;
        PendingRequest pending = new PendingRequest(request, priority, deadline, onReply);
        Lanes lanes = peers.get(to);
        if (closed || lanes == null) {
            String why = closed ? "this node is stopping" : to + " is no peer in nodes.json";
            loop.execute(() -> pending.answer(new Reply.Failed(Failure.NOT_SENT, why)));
        } else {
            enqueue(lanes.of(request, priority), pending, to);
        }
    }

    /** Opens every connection with a heartbeat; {@code done} runs when all have been answered. */
    public void warmUp(long timeoutMillis, Runnable done) {
        List<PeerLane> lanes = peers.values().stream().flatMap(l -> l.all().stream()).toList();
        int[] left = {lanes.stream().mapToInt(PeerLane::mostPosts).sum()};
        if (lanes.isEmpty()) {
            loop.execute(done);
        }
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000L;
        Consumer<Reply> onReply =
                _ -> {
                    if (--left[0] == 0) {
                        done.run();
                    }
                };
        for (PeerLane lane : lanes) {
            lane.warmUp(() -> {
                Request ping = new Request.Ping(System.currentTimeMillis());
                PendingRequest pending =
                        new PendingRequest(ping, Priority.CLIENT, deadline, onReply);
                watch(pending, self);
                return pending;
            });
        }
    }

    /** What has gone to each peer, and what waits to. */
    public Map<NodeId, Traffic> traffic() {
        Map<NodeId, Traffic> all = new TreeMap<>();
        peers.forEach((id, lanes) ->
                all.put(
                        id,
                        lanes.all().stream()
                                .map(PeerLane::traffic)
                                .reduce(Traffic.NONE, Traffic::plus)));
        return all;
    }

    /** The peers that refuse this node because their ring is another. */
    public Set<NodeId> otherRings() {
        return otherRings.peers();
    }

    /** Sends nothing more and ends the lanes' threads. */
    @Override
    public void close() {
        closed = true;
        peers.values().forEach(lanes -> lanes.all().forEach(PeerLane::close));
    }

    private void enqueue(PeerLane lane, PendingRequest pending, NodeId to) {
        if (lane.offer(pending)) {
            watch(pending, to);
        } else {
            Reply full = lane.full();
            loop.execute(() -> pending.answer(full));
        }
    }

    private void watch(PendingRequest pending, NodeId peer) {
        outstanding.add(new Outstanding(pending, peer.value()));
        if (!sweepArranged) {
            sweepArranged = true;
            loop.after(SWEEP_MILLIS, this::sweep);
        }
    }

    private void sweep() {
        long now = System.nanoTime();
        List<Outstanding> late = new ArrayList<>();
        outstanding.removeIf(one -> {
            if (!one.pending.answered() && now - one.pending.deadlineNanos >= 0) {
                late.add(one);
                return true;
            }
            return one.pending.answered();
        });
        sweepArranged = !outstanding.isEmpty();
        if (sweepArranged) {
            loop.after(SWEEP_MILLIS, this::sweep);
        }
        late.forEach(one -> one.pending.answer(one.pending.timedOut(one.peer)));
        if (!late.isEmpty()) {
            peers.values().forEach(lanes -> lanes.all().forEach(PeerLane::abortIfPointless));
        }
    }
}

package dev.minidynamo.membership;

import dev.minidynamo.env.Scheduler;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.BatchHeader;
import dev.minidynamo.protocol.DataMark;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Transport.Priority;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The failure detector of a node: which peers it believes to be alive, and what the majority's
 * clocks say.
 *
 * <p>Evidence are heartbeats and the outcomes of all other requests. Any answer is a sign of life.
 * Silence raises suspicion by the phi-accrual rule of {@link ArrivalWindow}; a refused connection
 * that is refused again at once means down. While a peer is overdue it is asked at every tick, so
 * that one lost message, or five, do not make it down, and a stopped process is found within {@link
 * MembershipOptions#mostSilenceMillis}.
 *
 * <p>A time in which this node itself stood still (paused, starved) says nothing about its peers:
 * it is noticed by the own monotonic clock and left out of the reckoning.
 *
 * <p>All methods are for the event loop. Sources: Hayashibara et al., "The phi accrual failure
 * detector", SRDS 2004; Lakshman and Malik, "Cassandra", 2009, §5.2.2.
 */
public class Membership {

    /** What is believed of a node. */
    public enum Liveness {
        /** Heard in time. */
        UP,
        /** Overdue, or not heard yet since the start: still asked, but not relied on. */
        SUSPECT,
        /** Gone: not asked, except by heartbeats. */
        DOWN
    }

    private static final long NANOS = 1_000_000;

    /** How long a silent peer's clock is still reckoned with; clocks drift, but slowly. */
    private static final long CLOCK_KEPT_NANOS = 600_000 * NANOS;

    /** Clocks agree that are at most this far apart. */
    private static final long AGREEMENT_MILLIS = 500;

    private final NodeId self;
    private final MembershipPorts ports;
    private final MembershipOptions options;
    private final List<PeerState> peers = new ArrayList<>();
    private final Map<NodeId, PeerState> byId = new TreeMap<>();
    private final List<BiConsumer<NodeId, Liveness>> listeners = new ArrayList<>();

    private Scheduler.@Nullable Timer timer;
    private boolean running;
    private long tickNanos;
    private long stallEndNanos;
    private long ownStalls;
    private boolean ownSynchronised = true;

    /**
     * @param ring all nodes; {@code self} may be among them
     */
    public Membership(
            NodeId self, List<NodeId> ring, MembershipPorts ports, MembershipOptions options) {
        this.self = self;
        this.ports = ports;
        this.options = options;
        tickNanos = ports.clock().monotonicNanos();
        stallEndNanos = tickNanos;
        for (NodeId id : ring) {
            if (!id.equals(self) && !byId.containsKey(id)) {
                PeerState peer = new PeerState(id, options, tickNanos);
                peers.add(peer);
                byId.put(id, peer);
            }
        }
    }

    /** Sends the first heartbeats, and from then on keeps watch. */
    public void start() {
        if (running) {
            return;
        }
        running = true;
        long now = ports.clock().monotonicNanos();
        for (PeerState peer : peers) {
            peer.forgive(now - tickNanos);
        }
        tickNanos = now;
        stallEndNanos = now;
        timer = ports.scheduler().every(options.tickMillis(), this::tick);
        tick();
    }

    /** Ends the watch; what was believed last stays. */
    public void stop() {
        running = false;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** What is believed of a node: the own one is up, one that is not in the ring is down. */
    public Liveness liveness(NodeId node) {
        if (node.equals(self)) {
            return Liveness.UP;
        }
        PeerState peer = byId.get(node);
        return peer == null ? Liveness.DOWN : peer.liveness();
    }

    /**
     * Whether a request to the node is worth sending: it is up or suspect. A peer that has not been
     * heard since the start is suspect for {@link MembershipOptions#startGraceMillis}, or until its
     * connection is refused twice.
     */
    public boolean isUp(NodeId node) {
        return liveness(node) != Liveness.DOWN;
    }

    /**
     * Whether a node counts in read quorums, as its last heartbeat said; false before the first.
     */
    public boolean synchronised(NodeId node) {
        if (node.equals(self)) {
            return ownSynchronised;
        }
        PeerState peer = byId.get(node);
        return peer != null && peer.synchronised();
    }

    /** Whether a peer is without data and not synchronised, as its last heartbeat said. */
    public boolean blank(NodeId node) {
        PeerState peer = byId.get(node);
        return peer != null && peer.blank();
    }

    /** Whether a node was blank at a time since this one's start, as its heartbeats said. */
    public boolean seenBlank(NodeId node) {
        PeerState peer = byId.get(node);
        return peer != null && peer.seenBlank();
    }

    /** Whether a node was asked in vain since this one's start, and has never answered since. */
    public boolean neverAnswered(NodeId node) {
        PeerState peer = byId.get(node);
        return peer != null && peer.neverAnswered();
    }

    /** What {@link #synchronised} answers for the own node. */
    public void setOwnSynchronised(boolean synchronised) {
        ownSynchronised = synchronised;
    }

    /**
     * How far a node says it has seen the own data reach, before this start at the latest; null
     * before its first answer to a heartbeat.
     */
    public @Nullable DataMark markSeenBy(NodeId node) {
        PeerState peer = byId.get(node);
        return peer == null ? null : peer.markSeen();
    }

    /** Takes note of how far a peer's data reach, as the header of each of its messages tells. */
    public void observeMark(BatchHeader header) {
        PeerState peer = byId.get(header.sender());
        if (peer != null && !header.mark().equals(DataMark.NONE)) {
            peer.observeMark(header.mark(), header.timestamp());
        }
    }

    /** How far a peer's data reached when it told that last. */
    public DataMark markOf(NodeId node) {
        PeerState peer = byId.get(node);
        return peer == null ? DataMark.NONE : peer.mark();
    }

    /** Calls {@code listener} on every change of a peer's liveness, on the event loop. */
    public void onChange(BiConsumer<NodeId, Liveness> listener) {
        listeners.add(listener);
    }

    /**
     * Takes note of what came of a request. Any answer of the peer is good evidence, a refusal
     * included; {@link Reply.Failed} is bad evidence, except {@link Reply.Failure#NOT_SENT}, which
     * is none.
     *
     * @param elapsedNanos since the request was sent
     */
    public void observe(NodeId node, Reply outcome, long elapsedNanos) {
        PeerState peer = byId.get(node);
        if (peer == null) {
            return;
        }
        long now = now();
        if (outcome instanceof Reply.Failed failed) {
            failed(peer, failed, now - elapsedNanos, false);
        } else {
            peer.heard(now);
        }
        judge(peer, now);
    }

    /**
     * The own wall clock minus {@link #clusterMillis}: how far this node's clock is ahead of the
     * majority's.
     */
    public long clockOffsetMillis() {
        return ports.clock().wallMillis() - clusterMillis();
    }

    /**
     * The majority's time: the median of the own wall clock and the peers', which heartbeats tell,
     * if more than half of these clocks agree with it. Of an even number of clocks, any time
     * between the two in the middle is a median, and the one nearest to the own clock is taken.
     *
     * <p>If no more than half agree on any time, nobody can tell which of them is right, and the
     * earliest counts: timestamps ahead of the right time would stay, those behind it pass.
     */
    public long clusterMillis() {
        long own = ports.clock().wallMillis();
        long[] clocks = clocks(own);
        int count = clocks.length;
        long median = Math.clamp(own, clocks[(count - 1) / 2], clocks[count / 2]);
        int agreeing = 0;
        for (long clock : clocks) {
            agreeing += Math.abs(clock - median) <= AGREEMENT_MILLIS ? 1 : 0;
        }
        return 2 * agreeing > count ? median : clocks[0];
    }

    /** The share of the ring's clocks that are known, the own one included; 1 if all are. */
    public double knownClocks() {
        long now = ports.clock().monotonicNanos();
        int known = 1;
        for (PeerState peer : peers) {
            known += peer.clock.known(now, CLOCK_KEPT_NANOS) ? 1 : 0;
        }
        return (double) known / (peers.size() + 1);
    }

    /** The own clock and those that are known, in order. */
    private long[] clocks(long ownMillis) {
        long now = ports.clock().monotonicNanos();
        long[] clocks = new long[peers.size() + 1];
        int count = 0;
        clocks[count++] = ownMillis;
        for (PeerState peer : peers) {
            if (peer.clock.known(now, CLOCK_KEPT_NANOS)) {
                clocks[count++] = peer.clock.wallMillisAt(now);
            }
        }
        Arrays.sort(clocks, 0, count);
        return Arrays.copyOf(clocks, count);
    }

    /** What is believed now, for people. */
    public MembershipStatus status() {
        long now = now();
        long own = ports.clock().wallMillis();
        List<MembershipStatus.Peer> list = new ArrayList<>();
        for (PeerState peer : peers) {
            list.add(peer.status(now, own));
        }
        return new MembershipStatus(clockOffsetMillis(), ownStalls, List.copyOf(list));
    }

    private void tick() {
        if (!running) {
            return;
        }
        long now = now();
        tickNanos = now;
        for (PeerState peer : peers) {
            judge(peer, now);
            if (peer.pingDue(now)) {
                ping(peer);
            }
        }
    }

    /**
     * The monotonic clock, after leaving out the time for which this node stood still, if it did.
     */
    private long now() {
        long now = ports.clock().monotonicNanos();
        long gap = now - tickNanos;
        if (running && gap >= options.ownStallMillis() * NANOS) {
            ownStalls++;
            for (PeerState peer : peers) {
                peer.forgive(gap);
            }
            tickNanos = now;
            stallEndNanos = now;
        }
        return now;
    }

    private void ping(PeerState peer) {
        long sent = ports.clock().monotonicNanos();
        boolean retried = peer.refused();
        peer.pingSent(sent);
        ports.transport()
                .send(
                        peer.id,
                        new Request.Ping(ports.clock().wallMillis()),
                        Priority.CLIENT,
                        options.pingTimeoutMillis(),
                        reply -> answered(peer, reply, sent, retried));
    }

    private void answered(PeerState peer, Reply reply, long sentNanos, boolean retried) {
        if (!running) {
            return;
        }
        long now = now();
        switch (reply) {
            case Reply.Pong pong -> peer.pong(pong, sentNanos, now);
            case Reply.Failed failed -> failed(peer, failed, sentNanos, retried);
            default -> peer.heard(now);
        }
        judge(peer, now);
    }

    private void failed(PeerState peer, Reply.Failed failed, long sentNanos, boolean retried) {
        if (sentNanos - stallEndNanos < 0) {
            return; // This node stood still meanwhile; the answer may have come and gone.
        }
        if (peer.failed(failed, sentNanos, ports.clock().monotonicNanos(), retried) && running) {
            ping(peer);
        }
    }

    private void judge(PeerState peer, long nowNanos) {
        if (peer.judge(nowNanos)) {
            for (BiConsumer<NodeId, Liveness> listener : listeners) {
                listener.accept(peer.id, peer.liveness());
            }
        }
    }
}

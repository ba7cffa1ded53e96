package dev.minidynamo.membership;

import dev.minidynamo.membership.Membership.Liveness;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.DataMark;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Reply.Failure;

import org.jspecify.annotations.Nullable;

/** The evidence for and against one peer, and the liveness that follows from it. */
final class PeerState {

    private static final long NANOS = 1_000_000;

    /** Failed connections in a row, each tried after the last one was known, that mean down. */
    private static final int UNREACHABLE_MEANS_DOWN = 2;

    final NodeId id;
    final PeerClock clock = new PeerClock();
    private final MembershipOptions options;
    private final ArrivalWindow arrivals;
    private final long startNanos;

    private Liveness liveness = Liveness.SUSPECT;
    private boolean everHeard;
    private long heardNanos;
    private boolean pongSeen;
    private long pongNanos;
    private boolean pinged;
    private long pingNanos;
    private boolean failedSinceHeard;
    private int unreachable;
    private long unreachableNanos;
    private double roundTripMillis;
    private boolean synchronised;
    private boolean blank;
    private boolean seenBlank;
    private @Nullable DataMark markSeen;
    private DataMark mark = DataMark.NONE;
    private long markTimestamp;
    private long changedNanos;
    private long timesDown;
    private String lastFailure = "";

    PeerState(NodeId id, MembershipOptions options, long nowNanos) {
        this.id = id;
        this.options = options;
        this.arrivals = new ArrivalWindow(options);
        this.startNanos = nowNanos;
        this.heardNanos = nowNanos;
        this.changedNanos = nowNanos;
    }

    Liveness liveness() {
        return liveness;
    }

    boolean synchronised() {
        return synchronised;
    }

    boolean blank() {
        return blank;
    }

    /** How far the peer says it had seen the own data reach; null before it said anything. */
    @Nullable DataMark markSeen() {
        return markSeen;
    }

    /** How far the peer's data reached when it told that last. */
    DataMark mark() {
        return mark;
    }

    /**
     * Takes note of how far the peer's data reach, unless a later message was faster.
     *
     * @param timestamp of the message by the peer's hybrid clock
     */
    void observeMark(DataMark now, long timestamp) {
        boolean later = timestamp > markTimestamp;
        boolean atOnce = timestamp == markTimestamp && now.covers(mark);
        if (later || atOnce) {
            mark = now;
            markTimestamp = timestamp;
        }
    }

    boolean seenBlank() {
        return seenBlank;
    }

    /** Whether it was asked, and nothing has come from it yet. */
    boolean neverAnswered() {
        return !everHeard && failedSinceHeard;
    }

    /** Takes note of any answer at all. */
    void heard(long nowNanos) {
        everHeard = true;
        heardNanos = nowNanos;
        failedSinceHeard = false;
        unreachable = 0;
    }

    /** Takes note of the answer to a heartbeat. */
    void pong(Reply.Pong pong, long sentNanos, long nowNanos) {
        if (pongSeen) {
            arrivals.add((nowNanos - pongNanos) / (double) NANOS);
        }
        pongSeen = true;
        pongNanos = nowNanos;
        double millis = (nowNanos - sentNanos) / (double) NANOS;
        roundTripMillis = roundTripMillis == 0 ? millis : roundTripMillis * 0.8 + millis * 0.2;
        synchronised = pong.synchronised();
        blank = pong.blankMillisAgo() == 0;
        long ago = pong.blankMillisAgo();
        seenBlank |= ago >= 0 && ago <= (sentNanos - startNanos) / NANOS;
        markSeen = pong.markSeen();
        clock.add(sentNanos, nowNanos, pong.wallMillis());
        heard(nowNanos);
    }

    /**
     * Takes note of a request that got no answer.
     *
     * <p>A time-out is no news if the peer was heard after the request was sent; a refused
     * connection always is. A second refusal counts only if it was tried after the first was known,
     * so that one failed connection with many requests on it counts once.
     *
     * @param retried whether the request was sent in the knowledge of the first refusal
     * @return whether it calls for a heartbeat at once
     */
    boolean failed(Reply.Failed failed, long sentNanos, long nowNanos, boolean retried) {
        if (failed.failure() == Failure.NOT_SENT) {
            return false;
        }
        lastFailure = failed.failure() + (failed.detail().isEmpty() ? "" : ": " + failed.detail());
        if (failed.failure() == Failure.UNREACHABLE) {
            if (unreachable == 0 || retried || sentNanos - unreachableNanos > 0) {
                unreachable++;
                unreachableNanos = nowNanos;
            }
        } else if (everHeard && sentNanos - heardNanos < 0) {
            return false;
        }
        boolean news = !failedSinceHeard;
        failedSinceHeard = true;
        return news && failed.failure() != Failure.TIMEOUT;
    }

    /** Whether a connection was refused since the peer was last heard. */
    boolean refused() {
        return unreachable > 0;
    }

    /** Whether a heartbeat is due: often while the peer is overdue, else once a period. */
    boolean pingDue(long nowNanos) {
        if (!pinged) {
            return true;
        }
        boolean overdue =
                liveness != Liveness.DOWN
                        && silentMillis(nowNanos)
                                > options.pingPeriodMillis() + options.tickMillis();
        long period = overdue ? options.tickMillis() : options.pingPeriodMillis();
        // Half a tick early rather than half a tick late.
        return nowNanos - pingNanos >= (period - options.tickMillis() / 2) * NANOS;
    }

    void pingSent(long nowNanos) {
        pinged = true;
        pingNanos = nowNanos;
    }

    /** Leaves out of the reckoning a time in which this node itself stood still. */
    void forgive(long nanos) {
        heardNanos += nanos;
        if (pongSeen) {
            pongNanos += nanos;
        }
    }

    /**
     * Judges the peer anew.
     *
     * @return whether its liveness changed
     */
    boolean judge(long nowNanos) {
        Liveness now = verdict(nowNanos);
        if (now == liveness) {
            return false;
        }
        liveness = now;
        changedNanos = nowNanos;
        if (now == Liveness.DOWN) {
            timesDown++;
            pongSeen = false; // The time until it returns says nothing about its usual delay.
        }
        return true;
    }

    private Liveness verdict(long nowNanos) {
        if (unreachable >= UNREACHABLE_MEANS_DOWN) {
            return Liveness.DOWN;
        }
        long silent = silentMillis(nowNanos);
        if (!everHeard) {
            return silent < options.startGraceMillis() ? Liveness.SUSPECT : Liveness.DOWN;
        }
        double phi = phi(nowNanos);
        if (phi >= options.downPhi() || silent >= options.mostSilenceMillis()) {
            return Liveness.DOWN;
        }
        return failedSinceHeard || phi >= options.suspectPhi() ? Liveness.SUSPECT : Liveness.UP;
    }

    double phi(long nowNanos) {
        return arrivals.phi((nowNanos - heardNanos) / (double) NANOS);
    }

    private long silentMillis(long nowNanos) {
        return (nowNanos - heardNanos) / NANOS;
    }

    MembershipStatus.Peer status(long nowNanos, long ownWallMillis) {
        long offset =
                clock.known(nowNanos, Long.MAX_VALUE)
                        ? clock.wallMillisAt(nowNanos) - ownWallMillis
                        : 0;
        return new MembershipStatus.Peer(
                id,
                liveness,
                phi(nowNanos),
                silentMillis(nowNanos),
                (nowNanos - changedNanos) / NANOS,
                roundTripMillis,
                offset,
                synchronised,
                blank,
                timesDown,
                lastFailure);
    }
}

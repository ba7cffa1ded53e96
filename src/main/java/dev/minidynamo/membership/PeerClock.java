package dev.minidynamo.membership;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * What is known of a peer's wall clock from the answers to heartbeats.
 *
 * <p>Each answer gives the peer's wall clock in the middle of the round trip. Samples are kept
 * against the own <em>monotonic</em> clock, so that a jump of the own wall clock does not spoil
 * them, and the sample of the shortest round trip among the last few is believed (Mills, RFC 5905,
 * §10). A sample that the believed one cannot be reconciled with means that the peer's clock was
 * set, and starts afresh.
 */
final class PeerClock {

    private static final int KEPT = 8;
    private static final long SLACK_NANOS = 50_000_000;

    /**
     * @param baseNanos the peer's wall clock, in nanoseconds, at the own monotonic clock's zero
     */
    private record Sample(long roundTripNanos, long baseNanos, long takenNanos) {}

    private final @Nullable Sample[] samples = new @Nullable Sample[KEPT];
    private int next;
    private @Nullable Sample best;

    void add(long sentNanos, long receivedNanos, long peerWallMillis) {
        long roundTrip = receivedNanos - sentNanos;
        long base = peerWallMillis * 1_000_000 - (sentNanos + roundTrip / 2);
        Sample sample = new Sample(roundTrip, base, receivedNanos);
        if (best != null && contradicts(best, sample)) {
            Arrays.fill(samples, null);
        }
        samples[next] = sample;
        next = (next + 1) % KEPT;
        Sample shortest = sample;
        for (Sample s : samples) {
            if (s != null && s.roundTripNanos < shortest.roundTripNanos) {
                shortest = s;
            }
        }
        best = shortest;
    }

    private static boolean contradicts(Sample a, Sample b) {
        long apart = Math.abs(a.baseNanos - b.baseNanos);
        return apart > (a.roundTripNanos + b.roundTripNanos) / 2 + SLACK_NANOS;
    }

    /** Whether there is a sample that is not older than {@code nanos}. */
    boolean known(long nowNanos, long nanos) {
        return best != null && nowNanos - best.takenNanos <= nanos;
    }

    /** The peer's wall clock at {@code nowNanos} of the own monotonic clock, or 0 if unknown. */
    long wallMillisAt(long nowNanos) {
        return best == null ? 0 : Math.floorDiv(best.baseNanos + nowNanos, 1_000_000L);
    }
}

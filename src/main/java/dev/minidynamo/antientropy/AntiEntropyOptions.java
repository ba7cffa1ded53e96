package dev.minidynamo.antientropy;

/**
 * How anti-entropy and the reaping of tombstones are tuned.
 *
 * @param enabled whether replicas are compared at the interval; a node that must synchronise does
 *     so in any case
 * @param intervalMillis between two rounds, each with the next peer in turn
 * @param maxKeysPerRound keys repaired before a round makes room for the next
 * @param maxKeysPerSecond keys repaired with one peer, so that repair leaves room for clients
 * @param youngMillis age below which a difference is left alone, as the write may be under way
 * @param requestTimeoutMillis after which a peer's answer is no longer waited for
 * @param writeQuorum W of the cluster
 * @param graceMillis age from which a tombstone may be reaped, and time away after which a node
 *     must synchronise before it serves
 * @param reapPeriodMillis between two passes over the tombstones
 */
public record AntiEntropyOptions(
        boolean enabled,
        long intervalMillis,
        int maxKeysPerRound,
        int maxKeysPerSecond,
        long youngMillis,
        long requestTimeoutMillis,
        int writeQuorum,
        long graceMillis,
        long reapPeriodMillis) {

    private static final long DAY_MILLIS = 86_400_000;

    /**
     * @throws IllegalArgumentException with a sentence that names the option, its value and what is
     *     accepted
     */
    public AntiEntropyOptions {
        requireAtLeast("the anti-entropy interval", intervalMillis, 10);
        requireAtLeast("the most keys per anti-entropy round", maxKeysPerRound, 1);
        requireAtLeast("the most keys per second of anti-entropy", maxKeysPerSecond, 1);
        requireAtLeast("the age of a young difference", youngMillis, 0);
        requireAtLeast("the anti-entropy request timeout", requestTimeoutMillis, 1);
        requireAtLeast("the write quorum", writeQuorum, 1);
        requireAtLeast("the tombstone grace", graceMillis, 1);
        requireAtLeast("the period of tombstone reaping", reapPeriodMillis, 1);
    }

    /** A round a second, and ten days of grace (as Cassandra has it). */
    public static AntiEntropyOptions defaults(int writeQuorum) {
        return new AntiEntropyOptions(
                true, 1_000, 2_048, 20_000, 1_000, 2_000, writeQuorum, 10 * DAY_MILLIS, 60_000);
    }

    /**
     * Checks that no hint and no message can outlive a tombstone, which would let what it deleted
     * return (P7).
     *
     * @throws IllegalArgumentException with a sentence that says by how much the grace is too short
     */
    public void requireGraceBeyond(long hintMaxAgeMillis, long maxMessageAgeMillis) {
        long least = hintMaxAgeMillis + maxMessageAgeMillis;
        if (graceMillis <= least) {
            throw new IllegalArgumentException(
                    "the tombstone grace is "
                            + graceMillis
                            + " ms; it must exceed "
                            + least
                            + " ms, the most a hint ("
                            + hintMaxAgeMillis
                            + " ms) and a message under way ("
                            + maxMessageAgeMillis
                            + " ms) can bring something back after");
        }
    }

    private static void requireAtLeast(String what, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    what + " is " + value + "; accepted is " + least + " or more");
        }
    }
}

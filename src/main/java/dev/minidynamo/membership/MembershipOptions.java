package dev.minidynamo.membership;

/**
 * How the failure detector is tuned.
 *
 * @param tickMillis how often silence is judged, and the shortest time between two heartbeats to a
 *     peer whose answer is overdue
 * @param pingPeriodMillis time between heartbeats to a peer that answers, or that is down
 * @param pingTimeoutMillis after which a heartbeat counts as unanswered
 * @param acceptedPauseMillis added to the usual time between heartbeats before suspicion grows; it
 *     covers garbage collection and a lost message
 * @param leastDeviationMillis the least standard deviation reckoned with
 * @param suspectPhi suspicion from which a peer is suspect
 * @param downPhi suspicion from which a peer is down (Hayashibara et al. use 8)
 * @param mostSilenceMillis of silence after which a peer is down whatever its history
 * @param startGraceMillis after the start, in which a peer that was never heard is only suspect
 * @param ownStallMillis between two ticks from which this node itself is held to have stood still
 */
public record MembershipOptions(
        long tickMillis,
        long pingPeriodMillis,
        long pingTimeoutMillis,
        long acceptedPauseMillis,
        long leastDeviationMillis,
        double suspectPhi,
        double downPhi,
        long mostSilenceMillis,
        long startGraceMillis,
        long ownStallMillis) {

    /** Finds a paused process within 2.5 seconds and its return within one. */
    public static MembershipOptions defaults() {
        return new MembershipOptions(100, 500, 1_000, 500, 150, 2, 8, 2_500, 3_000, 600);
    }
}

package dev.minidynamo.membership;

import dev.minidynamo.model.NodeId;

import java.util.List;

/**
 * What the failure detector believes at one moment.
 *
 * @param clockOffsetMillis as {@link Membership#clockOffsetMillis}
 * @param ownStalls how often this node itself stood still
 * @param peers in the order of the ring
 */
public record MembershipStatus(long clockOffsetMillis, long ownStalls, List<Peer> peers) {

    /**
     * What is believed of one peer.
     *
     * @param phi suspicion: at 1 the belief that it is gone is wrong once in 10 times, at 2 once in
     *     100
     * @param silentMillis since it was last heard, or since the start
     * @param sinceMillis since its liveness last changed
     * @param roundTripMillis of its heartbeats, smoothed; 0 before the first answer
     * @param clockOffsetMillis its wall clock minus the own one; 0 before the first answer
     * @param synchronised whether its replica counts in read quorums, as it last said
     * @param blank whether it started without data and has not synchronised, as it last said
     * @param timesDown how often it was found down
     * @param lastFailure the last bad outcome seen, or empty
     */
    public record Peer(
            NodeId id,
            Membership.Liveness liveness,
            double phi,
            long silentMillis,
            long sinceMillis,
            double roundTripMillis,
            long clockOffsetMillis,
            boolean synchronised,
            boolean blank,
            long timesDown,
            String lastFailure) {}
}

package dev.minidynamo.node;

import dev.minidynamo.antientropy.AntiEntropyStatus;
import dev.minidynamo.coordinator.CoordinatorStatus;
import dev.minidynamo.hints.HintStatus;
import dev.minidynamo.membership.MembershipStatus;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.store.StoreStatus;

import java.util.List;

/**
 * A node as it is at one moment, for people and for the dashboard.
 *
 * @param startedMillis wall-clock time of the start
 * @param ringFingerprint hexadecimal; nodes that show different ones refuse each other
 * @param synchronised whether the own replica counts in read quorums
 * @param events the last ones, oldest first
 */
public record NodeStatus(
        NodeId node,
        String cluster,
        long startedMillis,
        String ringFingerprint,
        boolean synchronised,
        ClockStatus clock,
        StoreStatus store,
        HintStatus hints,
        AntiEntropyStatus antiEntropy,
        CoordinatorStatus coordinator,
        MembershipStatus membership,
        List<NodeEvent> events) {

    /**
     * The node's clocks.
     *
     * @param offsetMillis how far the wall clock is ahead of the majority's
     * @param hlc the highest timestamp given out or seen; see {@link
     *     dev.minidynamo.model.Version#timestamp}
     */
    public record ClockStatus(long wallMillis, long offsetMillis, long hlc) {}
}

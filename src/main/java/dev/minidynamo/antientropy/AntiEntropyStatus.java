package dev.minidynamo.antientropy;

import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What anti-entropy has done, for people.
 *
 * @param lastPeer with whom the last round was, or null before the first
 * @param lastRunMillis wall time at which the last round ended, 0 before the first
 * @param lastDurationMillis how long it took
 * @param lastCompared entries that its peer listed
 * @param lastPulled keys it brought here
 * @param lastPushed keys it brought to the peer
 * @param totalPulled keys brought here since the start
 * @param totalPushed keys brought to peers since the start
 * @param totalErrors requests that were refused or got no answer
 * @param lastError the last of them, or empty
 * @param synchronised whether the replica counts in read quorums
 * @param notSynchronisedBecause {@code blank}, {@code unchecked}, {@code away}, {@code damaged}, or
 *     empty
 * @param partitionsToSynchronise partitions not yet compared with enough owners
 * @param buriedAsReaped entries deleted again because they had been deleted and reaped elsewhere
 * @param strays entries held of partitions that other nodes own
 * @param straysHandedOver such entries that left since the start
 */
public record AntiEntropyStatus(
        boolean enabled,
        long intervalMillis,
        int maxKeysPerRound,
        @Nullable NodeId lastPeer,
        long lastRunMillis,
        long lastDurationMillis,
        long lastCompared,
        long lastPulled,
        long lastPushed,
        long totalPulled,
        long totalPushed,
        long totalErrors,
        String lastError,
        boolean synchronised,
        String notSynchronisedBecause,
        int partitionsToSynchronise,
        long buriedAsReaped,
        long strays,
        long straysHandedOver,
        List<Peer> peers) {

    /**
     * The exchange with one peer.
     *
     * @param differing entries found to differ in the last round; 0 if all was equal
     * @param more whether that round ended before everything was compared
     * @param bytes about how many were exchanged in rounds that this node began
     * @param lastRoundMillis wall time at which the last round ended, 0 before the first
     */
    public record Peer(
            NodeId id,
            long rounds,
            long differing,
            boolean more,
            long pulled,
            long pushed,
            long bytes,
            long errors,
            long lastRoundMillis) {}
}

package dev.minidynamo.coordinator;

import dev.minidynamo.model.Version;

import java.util.List;

/** How a put or delete ended (promise P2). */
public sealed interface WriteOutcome {

    /** What each node answered by then. */
    List<ReplicaAnswer> replicas();

    /** Whether the request ran in strict mode with quorums that overlap. */
    boolean strict();

    /** At least W replicas hold this version, or one that supersedes it, durably. */
    record Written(Version version, List<ReplicaAnswer> replicas, boolean strict)
            implements WriteOutcome {}

    /**
     * Never sent to any replica; it will never appear.
     *
     * @param why one sentence
     */
    record Rejected(String why, int live, int needed, List<ReplicaAnswer> replicas, boolean strict)
            implements WriteOutcome {}

    /** Fewer than W replicas acknowledged; it may appear later. */
    record Indeterminate(int acks, int needed, List<ReplicaAnswer> replicas, boolean strict)
            implements WriteOutcome {}

    /** Fewer than W acknowledged because disks are full; it may appear later. */
    record DiskFull(int acks, int needed, List<ReplicaAnswer> replicas, boolean strict)
            implements WriteOutcome {}
}

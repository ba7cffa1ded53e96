package dev.minidynamo.coordinator;

import dev.minidynamo.model.Cell;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** How a get ended. */
public sealed interface ReadOutcome {

    /** What each node answered by then. */
    List<ReplicaAnswer> replicas();

    /** Whether the request ran in strict mode with quorums that overlap (promise P5). */
    boolean strict();

    /** The newest value that R replicas know of. */
    record Value(Cell.Live cell, List<ReplicaAnswer> replicas, boolean strict)
            implements ReadOutcome {}

    /**
     * No value.
     *
     * @param winner the tombstone or expired cell that says so, or null if nobody holds anything
     */
    record NotFound(@Nullable Cell winner, List<ReplicaAnswer> replicas, boolean strict)
            implements ReadOutcome {}

    /** Fewer than R replicas answered. */
    record Unavailable(
            String why, int answered, int needed, List<ReplicaAnswer> replicas, boolean strict)
            implements ReadOutcome {}
}

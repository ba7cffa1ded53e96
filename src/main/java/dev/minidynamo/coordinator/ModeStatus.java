package dev.minidynamo.coordinator;

/**
 * The operations that were asked for in one {@link Mode}, by their outcome; counts since the start
 * of the node.
 *
 * @param answered reads that found a value or found none
 * @param unavailable reads that found no quorum
 */
public record ModeStatus(
        Mode mode,
        long written,
        long rejected,
        long indeterminate,
        long diskFull,
        long answered,
        long unavailable,
        LatencyCounts readLatency,
        LatencyCounts writeLatency) {}

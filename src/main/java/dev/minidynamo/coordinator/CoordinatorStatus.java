package dev.minidynamo.coordinator;

import java.util.List;

/**
 * Counts since the start of the node.
 *
 * @param indeterminate writes that may still become visible, those that met full disks included
 * @param reads that were answered
 * @param readLatency of gets
 * @param writeLatency of puts and deletes
 * @param inFlightBytes bytes of values in unfinished requests
 * @param repairsSkipped background repairs left to anti-entropy because too many were under way
 * @param restamped strict writes stamped again because a replica held a newer version
 * @param modes the same operations, by the mode that was asked for
 */
public record CoordinatorStatus(
        long written,
        long rejected,
        long indeterminate,
        long reads,
        long readsUnavailable,
        long repairs,
        long repairsSkipped,
        long restamped,
        long inFlightBytes,
        Latency readLatency,
        Latency writeLatency,
        List<ModeStatus> modes) {}

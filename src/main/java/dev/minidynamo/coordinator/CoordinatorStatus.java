package dev.minidynamo.coordinator;

/**
 * Counts since the start of the node.
 *
 * @param readLatency of gets
 * @param writeLatency of puts and deletes
 * @param inFlightBytes bytes of values in unfinished requests
 * @param repairsSkipped background repairs left to anti-entropy because too many were under way
 * @param restamped strict writes stamped again because a replica held a newer version
 */
public record CoordinatorStatus(
        long written,
        long rejected,
        long indeterminate,
        long reads,
        long readsUnavailable,
        long hintsRequested,
        long repairs,
        long repairsSkipped,
        long restamped,
        long inFlightBytes,
        Latency readLatency,
        Latency writeLatency) {}

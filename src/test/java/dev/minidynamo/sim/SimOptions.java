package dev.minidynamo.sim;

import dev.minidynamo.antientropy.AntiEntropyOptions;
import dev.minidynamo.coordinator.CoordinatorOptions;
import dev.minidynamo.hints.HintOptions;
import dev.minidynamo.membership.MembershipOptions;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.node.NodeOptions;
import dev.minidynamo.sim.Shape.Comparison;
import dev.minidynamo.store.StoreOptions;
import dev.minidynamo.wal.LogOptions;
import dev.minidynamo.wal.SyncMode;

/** The options of a simulated node: days have become seconds, and mebibytes kibibytes. */
final class SimOptions {

    /** Age from which a tombstone may be reaped. */
    static final long GRACE_MILLIS = 14_000;

    /** Age past which a hint is not delivered. */
    static final long HINT_AGE_MILLIS = 8_000;

    /** Age past which a message is refused. */
    static final long MESSAGE_AGE_MILLIS = 4_000;

    /** Age below which a difference is left to the write that is under way. */
    private static final long YOUNG_MILLIS = 300;

    private static final int SEGMENT_BYTES = 8 << 10;

    /** What may wait for the disk of a node's log. */
    static final int MOST_QUEUE_BYTES = 64 << 10;

    /** What a coordinator may have in unfinished requests before it turns others away. */
    static final int MOST_IN_FLIGHT_BYTES = 64 << 10;

    private SimOptions() {}

    /** Where replicas are never compared nothing else repairs what a hint that expired leaves. */
    private static long patience(Comparison comparison) {
        return comparison == Comparison.NEVER ? 5 : 1;
    }

    /** Age from which a tombstone may be reaped where replicas are compared so. */
    static long graceMillis(Comparison comparison) {
        return patience(comparison) * GRACE_MILLIS;
    }

    /** What a node may hold of hints for one target where replicas are compared so. */
    static long mostHintBytes(Comparison comparison) {
        return patience(comparison) * (64 << 10);
    }

    /**
     * The options of one node.
     *
     * @param comparison where replicas are never compared, hints and tombstones live longer than
     *     any scenario
     */
    static NodeOptions node(
            NodeId self, ClusterConfig config, Comparison comparison, SyncMode sync) {
        long patience = patience(comparison);
        LogOptions log =
                LogOptions.defaults("kv")
                        .withSync(sync)
                        .withSegments(SEGMENT_BYTES, 2 << 10)
                        .withReserve(4 << 10)
                        .withMaxQueueBytes(MOST_QUEUE_BYTES);
        StoreOptions store =
                StoreOptions.defaults(config.cluster(), self)
                        .withLog(log)
                        .withMaintenance(6 << 10, 12 << 10, 1 << 20, 1_500);
        AntiEntropyOptions antiEntropy =
                new AntiEntropyOptions(
                        comparison == Comparison.ALWAYS,
                        500,
                        64,
                        2_000,
                        YOUNG_MILLIS,
                        800,
                        config.w(),
                        graceMillis(comparison),
                        3_000);
        return new NodeOptions(
                self,
                config,
                store,
                HintOptions.defaults()
                        .withSync(sync)
                        .withMaxAgeMillis(patience * HINT_AGE_MILLIS)
                        .withSegmentBytes(SEGMENT_BYTES)
                        .withMaxBytesPerTarget(mostHintBytes(comparison)),
                MembershipOptions.defaults(),
                antiEntropy,
                coordinator(patience * HINT_AGE_MILLIS));
    }

    private static CoordinatorOptions coordinator(long maxOperationMillis) {
        CoordinatorOptions usual = CoordinatorOptions.defaults();
        return new CoordinatorOptions(
                usual.standInAfterMillis(),
                usual.maxDriftMillis(),
                MOST_IN_FLIGHT_BYTES,
                usual.maxBackgroundRepairs(),
                YOUNG_MILLIS,
                maxOperationMillis);
    }
}

package dev.minidynamo.app;

import dev.minidynamo.antientropy.AntiEntropyOptions;
import dev.minidynamo.hints.HintOptions;
import dev.minidynamo.node.NodeOptions;
import dev.minidynamo.protocol.BatchAdmission;
import dev.minidynamo.store.StoreOptions;
import dev.minidynamo.wal.SyncMode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** The options of a node's rooms, from what the node was started with. */
final class Tuning {

    private Tuning() {}

    static NodeOptions of(NodeSettings settings) {
        SyncMode sync = sync(settings.storage().syncInterval());
        NodeOptions defaults = NodeOptions.defaults(settings.id(), settings.cluster());
        HintOptions hints = hints(defaults.hints(), sync, settings.repair().hints());
        AntiEntropyOptions antiEntropy = antiEntropy(defaults.antiEntropy(), settings.repair());
        antiEntropy.requireGraceBeyond(hints.maxAgeMillis(), BatchAdmission.MAX_AGE_MILLIS);
        return new NodeOptions(
                settings.id(),
                settings.cluster(),
                store(defaults.store(), sync, settings.storage().snapInterval()),
                hints,
                defaults.membership(),
                antiEntropy,
                defaults.coordinator());
    }

    private static SyncMode sync(@Nullable Duration interval) {
        if (interval == null) {
            return SyncMode.ALWAYS;
        }
        return interval.isZero() ? new SyncMode.Os() : new SyncMode.Interval(interval.toMillis());
    }

    private static StoreOptions store(
            StoreOptions defaults, SyncMode sync, @Nullable Duration snapInterval) {
        StoreOptions synced = defaults.withLog(defaults.log().withSync(sync));
        return snapInterval == null ? synced : synced.withSnapshotEvery(snapInterval.toMillis());
    }

    /** Without hints means with room for none: each is dropped and counted, as beyond any limit. */
    private static HintOptions hints(HintOptions defaults, SyncMode sync, boolean kept) {
        HintOptions synced = defaults.withSync(sync);
        return kept ? synced : synced.withMaxBytesPerTarget(0);
    }

    private static AntiEntropyOptions antiEntropy(
            AntiEntropyOptions defaults, NodeSettings.Repair repair) {
        return new AntiEntropyOptions(
                repair.antiEntropy(),
                repair.interval().toMillis(),
                repair.maxPerRound(),
                defaults.maxKeysPerSecond(),
                defaults.youngMillis(),
                defaults.requestTimeoutMillis(),
                defaults.writeQuorum(),
                defaults.graceMillis(),
                defaults.reapPeriodMillis());
    }
}

package dev.minidynamo.app.observe;

import dev.minidynamo.app.observe.Meters.About;
import dev.minidynamo.coordinator.CoordinatorStatus;
import dev.minidynamo.coordinator.Mode;
import dev.minidynamo.coordinator.ModeStatus;
import dev.minidynamo.model.Version;
import dev.minidynamo.store.StoreStatus;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of a node itself: its operations, its store and its clocks; see docs/operating.md.
 */
final class NodeMetrics implements MeterBinder {

    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private static final About OPERATIONS =
            new About(
                    "dynamo.operations",
                    "operations",
                    "Reads and writes that this node coordinated, by their outcome and mode");
    private static final About KEYS =
            new About("dynamo.keys", "keys", "Keys in the store, live or deleted (tombstone)");
    private static final About LOG_BYTES =
            new About(
                    "dynamo.log",
                    "bytes",
                    "Bytes of the store's log that are still needed (live) or not");
    private static final About FORCE_LATENCY =
            new About(
                    "dynamo.log.force.latency",
                    "seconds",
                    "Time that the latest forces of the log to disk took");

    private final Samples samples;

    NodeMetrics(Samples samples) {
        this.samples = samples;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Meters meters = new Meters(registry, samples);
        operations(meters);
        store(meters);
        log(meters);
        clocks(meters);
        antiEntropy(meters);
    }

    private static void operations(Meters meters) {
        for (Mode mode : Mode.values()) {
            operation(meters, mode, "write", "written", ModeStatus::written);
            operation(meters, mode, "write", "rejected", ModeStatus::rejected);
            operation(meters, mode, "write", "indeterminate", ModeStatus::indeterminate);
            operation(meters, mode, "write", "disk full", ModeStatus::diskFull);
            operation(meters, mode, "read", "answered", ModeStatus::answered);
            operation(meters, mode, "read", "unavailable", ModeStatus::unavailable);
        }
        coordinator(
                meters,
                new About("dynamo.read.repairs", "repairs", "Stale replicas repaired by reads"),
                CoordinatorStatus::repairs);
        coordinator(
                meters,
                new About(
                        "dynamo.skipped.read.repairs",
                        "repairs",
                        "Repairs left to anti-entropy because too many were under way"),
                CoordinatorStatus::repairsSkipped);
        coordinator(
                meters,
                new About(
                        "dynamo.restamped.writes",
                        "writes",
                        "Strict writes stamped again because a replica held a newer version"),
                CoordinatorStatus::restamped);
        meters.gauge(
                new About(
                        "dynamo.unfinished.requests",
                        "bytes",
                        "Bytes of values in unfinished requests"),
                Tags.empty(),
                sample -> sample.status().coordinator().inFlightBytes());
    }

    private static void operation(
            Meters meters,
            Mode mode,
            String operation,
            String outcome,
            ToDoubleFunction<ModeStatus> count) {
        String word = mode.name().toLowerCase(Locale.ROOT);
        meters.counter(
                OPERATIONS,
                Tags.of("operation", operation, "outcome", outcome, "mode", word),
                sample ->
                        count.applyAsDouble(
                                sample.status().coordinator().modes().get(mode.ordinal())));
    }

    private static void coordinator(
            Meters meters, About about, ToDoubleFunction<CoordinatorStatus> count) {
        meters.counter(
                about, Tags.empty(), sample -> count.applyAsDouble(sample.status().coordinator()));
    }

    private static void store(Meters meters) {
        store(meters, KEYS, Tags.of("state", "live"), StoreStatus::liveKeys);
        store(meters, KEYS, Tags.of("state", "tombstone"), StoreStatus::tombstones);
        store(
                meters,
                new About(
                        "dynamo.damaged.leaves",
                        "leaves",
                        "Ranges of keys that wait to be repaired"),
                Tags.empty(),
                StoreStatus::damagedLeaves);
        store(
                meters,
                new About("dynamo.snapshot.age", "seconds", "Time since the last index snapshot"),
                Tags.empty(),
                status -> age(status.snapshot().atMillis()));
        store(
                meters,
                new About(
                        "dynamo.recovery",
                        "seconds",
                        "How long the last start took to recover the store"),
                Tags.empty(),
                status -> status.start().millis() / MILLIS);
    }

    private static double age(long atMillis) {
        return atMillis == 0 ? Double.NaN : (System.currentTimeMillis() - atMillis) / MILLIS;
    }

    private static void log(Meters meters) {
        store(meters, LOG_BYTES, Tags.of("state", "live"), StoreStatus::liveBytes);
        store(meters, LOG_BYTES, Tags.of("state", "dead"), StoreStatus::deadBytes);
        store(
                meters,
                new About("dynamo.log.segments", "segments", "Files of the store's log"),
                Tags.empty(),
                status -> status.log().segments());
        store(
                meters,
                FORCE_LATENCY,
                Tags.of("quantile", "0.5"),
                status -> status.log().forceP50Nanos() / NANOS);
        store(
                meters,
                FORCE_LATENCY,
                Tags.of("quantile", "0.99"),
                status -> status.log().forceP99Nanos() / NANOS);
        store(
                meters,
                new About(
                        "dynamo.disk.full",
                        "boolean",
                        "1 while writes are refused for lack of space"),
                Tags.empty(),
                status -> status.log().spaceShort() ? 1 : 0);
        meters.counter(
                new About("dynamo.log.forces", "forces", "Forces of the store's log to disk"),
                Tags.empty(),
                sample -> sample.status().store().log().forces());
        meters.counter(
                new About("dynamo.log.records", "records", "Records appended to the store's log"),
                Tags.empty(),
                sample -> sample.status().store().log().appended());
    }

    private static void store(
            Meters meters, About about, Tags tags, ToDoubleFunction<StoreStatus> value) {
        meters.gauge(about, tags, sample -> value.applyAsDouble(sample.status().store()));
    }

    private static void clocks(Meters meters) {
        meters.gauge(
                new About(
                        "dynamo.clock.offset",
                        "seconds",
                        "How far this node's clock is ahead of the majority's"),
                Tags.empty(),
                sample -> sample.status().clock().offsetMillis() / MILLIS);
        meters.gauge(
                new About(
                        "dynamo.hlc.drift",
                        "seconds",
                        "How far the hybrid logical clock is ahead of this node's clock"),
                Tags.empty(),
                sample -> hlcDriftMillis(sample) / MILLIS);
    }

    private static double hlcDriftMillis(Sample sample) {
        long now = Version.timestampOf(sample.status().clock().wallMillis());
        long ahead = sample.status().clock().hlc() - now;
        return Math.max(0, ahead / (double) Version.timestampOf(1));
    }

    private static void antiEntropy(Meters meters) {
        meters.gauge(
                new About(
                        "dynamo.synchronised",
                        "boolean",
                        "1 when this node's replica counts in read quorums"),
                Tags.empty(),
                sample -> sample.status().synchronised() ? 1 : 0);
        meters.gauge(
                new About("dynamo.strays", "keys", "Keys held here that other nodes own"),
                Tags.empty(),
                sample -> sample.status().antiEntropy().strays());
    }
}

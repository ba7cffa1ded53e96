package dev.minidynamo.app.observe;

import dev.minidynamo.coordinator.LatencyCounts;
import dev.minidynamo.coordinator.ModeStatus;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;

import java.util.Locale;

/**
 * {@code dynamo_operation_latency_seconds}: the latencies that the coordinator has counted, as
 * Prometheus' own kind of histogram. Micrometer's meters can only record one value after the other,
 * which would cost every operation.
 */
final class LatencyHistograms implements Collector {

    private static final String NAME = "dynamo_operation_latency_seconds";
    private static final double MICROS = 1e6;

    private final Samples samples;

    LatencyHistograms(Samples samples) {
        this.samples = samples;
    }

    @Override
    public HistogramSnapshot collect() {
        HistogramSnapshot.Builder histogram =
                HistogramSnapshot.builder()
                        .name(NAME)
                        .unit(Unit.SECONDS)
                        .help("Latency of the operations that this node coordinated");
        Sample sample = samples.latest();
        if (sample != null) {
            for (ModeStatus mode : sample.status().coordinator().modes()) {
                String word = mode.mode().name().toLowerCase(Locale.ROOT);
                histogram.dataPoint(point("read", word, mode.readLatency()));
                histogram.dataPoint(point("write", word, mode.writeLatency()));
            }
        }
        return histogram.build();
    }

    private static HistogramSnapshot.HistogramDataPointSnapshot point(
            String operation, String mode, LatencyCounts latency) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < latency.counts().size(); i++) {
            boolean last = i == LatencyCounts.BOUNDS_MICROS.size();
            double bound =
                    last ? Double.POSITIVE_INFINITY : LatencyCounts.BOUNDS_MICROS.get(i) / MICROS;
            buckets.bucket(bound, latency.counts().get(i));
        }
        return HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .labels(Labels.of("operation", operation, "mode", mode))
                .classicHistogramBuckets(buckets.build())
                .sum(latency.sumMicros() / MICROS)
                .build();
    }
}

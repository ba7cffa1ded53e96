package dev.minidynamo.app.cli;

import dev.minidynamo.app.bench.BenchOptions;
import dev.minidynamo.app.bench.BenchResult;

import java.util.List;
import java.util.Locale;

/** A measurement as a table. */
final class BenchTable {

    private static final String HEAD = "%-8s %10s %9s %9s %9s %9s %9s %9s";

    private final Output output;

    BenchTable(Output output) {
        this.output = output;
    }

    void show(String name, BenchOptions options, List<BenchResult> runs) {
        output.line(
                "%s: workload %s (%s), %,d keys, %d B values, %d clients, %s"
                        .formatted(
                                name,
                                options.workload(),
                                options.workload().summary(),
                                options.keys(),
                                options.valueBytes(),
                                options.connections(),
                                options.rate() > 0
                                        ? "open loop at %.0f/s".formatted(options.rate())
                                        : "closed loop"));
        output.line(HEAD.formatted("", "op/s", "mean ms", "p50", "p95", "p99", "p99.9", "max"));
        runs.forEach(this::rows);
    }

    private void rows(BenchResult result) {
        row("all", result.throughput(), result.all());
        if (result.reads().count() > 0 && result.writes().count() > 0) {
            row("reads", result.reads().count() / result.seconds(), result.reads());
            row("writes", result.writes().count() / result.seconds(), result.writes());
        }
        if (!result.corrected()) {
            output.line(
                    "         p99 at a steady arrival rate (coordinated omission corrected): %s ms"
                            .formatted(millis(result.all().p99Expected())));
        }
        output.line(
                "         %,d operations in %.1f s, %,d errors, %,d reads found nothing"
                        .formatted(
                                result.operations(),
                                result.seconds(),
                                result.errorCount(),
                                result.missing()));
        result.errors()
                .forEach((reason, count) -> output.line("         " + count + " × " + reason));
    }

    private void row(String name, double throughput, BenchResult.Latency latency) {
        output.line(
                HEAD.formatted(
                        name,
                        String.format(Locale.ROOT, "%,.0f", throughput),
                        millis(latency.mean()),
                        millis(latency.p50()),
                        millis(latency.p95()),
                        millis(latency.p99()),
                        millis(latency.p999()),
                        millis(latency.max())));
    }

    private static String millis(long micros) {
        return millis((double) micros);
    }

    private static String millis(double micros) {
        return String.format(Locale.ROOT, "%.2f", micros / 1000);
    }
}

package dev.minidynamo.figures;

import dev.minidynamo.app.bench.BenchResult;
import dev.minidynamo.app.bench.Ratios;
import dev.minidynamo.it.RealCluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Phases that are measured again and again in turn, and compared with the first of each round. */
final class Rounds {

    private final RealCluster cluster;
    private final Map<String, List<BenchResult>> phases = new LinkedHashMap<>();

    Rounds(RealCluster cluster) {
        this.cluster = cluster;
    }

    /** Measures the next phase; every round has the same phases. */
    void measure(String phase, Load load) {
        Load.Measured measured = load.run(cluster);
        System.out.println("FIGURE " + phase + ": " + measured);
        phases.computeIfAbsent(phase, name -> new ArrayList<>()).add(measured.bench());
    }

    /** Prints a line for each phase: medians of all rounds, and of the ratios within the rounds. */
    void report() {
        List<BenchResult> first = phases.values().iterator().next();
        phases.forEach((phase, runs) -> {
            Ratios ratios = Ratios.of(runs, first);
            System.out.printf(
                    Locale.ROOT,
                    "FIGURE median of %d, %s: %.0f op/s, %.2f of the first; p99 %.1f ms, %.2f of"
                            + " the first; %d errors in all%n",
                    runs.size(),
                    phase,
                    median(runs, BenchResult::throughput),
                    ratios.throughput(),
                    median(runs, run -> run.all().p99() / 1e3),
                    ratios.p99(),
                    runs.stream().mapToLong(BenchResult::errorCount).sum());
        });
    }

    private static double median(List<BenchResult> runs, ToDoubleFunction<BenchResult> figure) {
        return Ratios.median(runs.stream().mapToDouble(figure).toArray());
    }
}

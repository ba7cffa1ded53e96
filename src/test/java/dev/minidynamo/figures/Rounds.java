package dev.minidynamo.figures;

import dev.minidynamo.it.RealCluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Phases that are measured again and again in turn, and compared with the first of each round. */
final class Rounds {

    private final RealCluster cluster;
    private final Map<String, List<Load.Measured>> phases = new LinkedHashMap<>();

    Rounds(RealCluster cluster) {
        this.cluster = cluster;
    }

    /** Measures the next phase; every round has the same phases. */
    void measure(String phase, Load load) {
        Load.Measured measured = load.run(cluster);
        System.out.println("FIGURE " + phase + ": " + measured);
        phases.computeIfAbsent(phase, name -> new ArrayList<>()).add(measured);
    }

    /** Prints a line for each phase: medians of all rounds, the ratios within each round. */
    void report() {
        List<Load.Measured> first = phases.values().iterator().next();
        phases.forEach((phase, measured) ->
                System.out.printf(
                        Locale.ROOT,
                        "FIGURE median of %d, %s: %.0f op/s, %.2f of the first; p99 %.1f ms, %.2f"
                                + " of the first; %.0f errors in all%n",
                        measured.size(),
                        phase,
                        median(measured, Rounds::rate),
                        medianRatio(measured, first, Rounds::rate),
                        median(measured, Rounds::p99Millis),
                        medianRatio(measured, first, Rounds::p99Millis),
                        measured.stream().mapToDouble(one -> one.bench().errorCount()).sum()));
    }

    private static double rate(Load.Measured measured) {
        return measured.bench().throughput();
    }

    private static double p99Millis(Load.Measured measured) {
        return measured.bench().all().p99() / 1e3;
    }

    private static double median(
            List<Load.Measured> measured, ToDoubleFunction<Load.Measured> figure) {
        return middle(measured.stream().mapToDouble(figure).sorted().toArray());
    }

    private static double medianRatio(
            List<Load.Measured> measured,
            List<Load.Measured> base,
            ToDoubleFunction<Load.Measured> figure) {
        double[] ratios = new double[measured.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = figure.applyAsDouble(measured.get(i)) / figure.applyAsDouble(base.get(i));
        }
        Arrays.sort(ratios);
        return middle(ratios);
    }

    private static double middle(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}

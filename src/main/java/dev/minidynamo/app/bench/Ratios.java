package dev.minidynamo.app.bench;

import java.util.Arrays;
import java.util.List;

/**
 * Ours against a peer's, run by run: each ratio is taken between two runs that followed each other,
 * because a machine's speed drifts, and the median of the ratios is told.
 *
 * @param throughput ours divided by the peer's
 * @param p50 our median latency divided by the peer's
 * @param p99 our 99th percentile divided by the peer's
 */
public record Ratios(double throughput, double p50, double p99) {

    /** The median ratios of runs that were made in turn. */
    public static Ratios of(List<BenchResult> ours, List<BenchResult> peers) {
        int runs = Math.min(ours.size(), peers.size());
        double[] throughput = new double[runs];
        double[] p50 = new double[runs];
        double[] p99 = new double[runs];
        for (int i = 0; i < runs; i++) {
            throughput[i] = ours.get(i).throughput() / peers.get(i).throughput();
            p50[i] = ratio(ours.get(i).all().p50(), peers.get(i).all().p50());
            p99[i] = ratio(ours.get(i).all().p99(), peers.get(i).all().p99());
        }
        return new Ratios(median(throughput), median(p50), median(p99));
    }

    private static double ratio(long ours, long peers) {
        return (double) ours / peers;
    }

    /** The median; of an even number of values the mean of the two in the middle. */
    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

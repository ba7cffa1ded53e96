package dev.minidynamo.figures;

import dev.minidynamo.app.bench.BenchOptions;
import dev.minidynamo.app.bench.BenchResult;
import dev.minidynamo.app.bench.LoadRun;
import dev.minidynamo.app.bench.Workload;
import dev.minidynamo.it.ClusterPlan;
import dev.minidynamo.it.RealCluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What a cluster is loaded with; the generator is that of the {@code bench} command.
 *
 * @param seconds how long it is measured
 * @param rate requests a second, or 0 for a closed loop
 */
record Load(
        List<String> nodes,
        Workload workload,
        int keys,
        int valueBytes,
        int connections,
        int warmUpSeconds,
        int seconds,
        double rate) {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String FORCES = "dynamo_log_forces_total";

    /**
     * A measurement.
     *
     * @param cpuMicros processor time of all nodes per operation
     * @param forces per operation, of the logs of those nodes that are asked
     */
    record Measured(BenchResult bench, double cpuMicros, double forces) {

        long throughput() {
            return Math.round(bench.throughput());
        }

        @Override
        public String toString() {
            return "%d op/s, p50 %d us, p99 %d us, %d errors %s, %.0f us of the nodes' CPU and %.3f forces an operation"
                    .formatted(
                            throughput(),
                            bench.all().p50(),
                            bench.all().p99(),
                            bench.errorCount(),
                            bench.errors(),
                            cpuMicros,
                            forces);
        }
    }

    static Load of(RealCluster cluster, Workload workload) {
        return new Load(cluster.ids(), workload, 100_000, 100, 64, 3, 8, 0);
    }

    /** As the agent starts its nodes. */
    static ClusterPlan plan(int nodes) {
        return RealCluster.of(nodes).jvmFlags("-XX:TieredStopAtLevel=4", "-XX:-UsePerfData");
    }

    Load through(List<String> some) {
        return new Load(
                some, workload, keys, valueBytes, connections, warmUpSeconds, seconds, rate);
    }

    Load keys(int count) {
        return new Load(
                nodes, workload, count, valueBytes, connections, warmUpSeconds, seconds, rate);
    }

    Load valueBytes(int bytes) {
        return new Load(nodes, workload, keys, bytes, connections, warmUpSeconds, seconds, rate);
    }

    Load connections(int count) {
        return new Load(nodes, workload, keys, valueBytes, count, warmUpSeconds, seconds, rate);
    }

    Load seconds(int warmUp, int measured) {
        return new Load(nodes, workload, keys, valueBytes, connections, warmUp, measured, rate);
    }

    Load rate(double perSecond) {
        return new Load(
                nodes, workload, keys, valueBytes, connections, warmUpSeconds, seconds, perSecond);
    }

    /** Writes every key once. */
    void store(RealCluster cluster) {
        run(cluster, seconds(0, 1), true);
    }

    /** Loads the cluster and measures. */
    Measured run(RealCluster cluster) {
        return run(cluster, this, false);
    }

    private static Measured run(RealCluster cluster, Load load, boolean store) {
        BenchOptions options =
                new BenchOptions(
                        load.nodes.stream().map(node -> URI.create(cluster.url(node))).toList(),
                        load.workload,
                        load.keys,
                        load.valueBytes,
                        load.connections,
                        1,
                        Duration.ofSeconds(load.warmUpSeconds),
                        Duration.ofSeconds(load.seconds),
                        TIMEOUT,
                        load.rate,
                        store,
                        null);
        try {
            Duration before = cpu(cluster);
            double forcesBefore = cluster.metric(FORCES, load.nodes);
            BenchResult result = new LoadRun(options, line -> {}).run();
            double share = load.seconds / (double) (load.seconds + load.warmUpSeconds);
            double micros = cpu(cluster).minus(before).toNanos() / 1e3 * share;
            double forces = (cluster.metric(FORCES, load.nodes) - forcesBefore) * share;
            double operations = Math.max(1, result.operations());
            return new Measured(result, micros / operations, forces / operations);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Processor time of all nodes that run. */
    static Duration cpu(RealCluster cluster) {
        return cluster.ids().stream()
                .flatMap(node -> cluster.processOf(node).stream())
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Resident memory of all nodes, in mebibytes. */
    static long residentMebibytes(RealCluster cluster) {
        return cluster.ids().stream()
                .flatMap(node -> cluster.processOf(node).stream())
                .mapToLong(process -> resident(process.pid()))
                .sum();
    }

    private static long resident(long pid) {
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
            Matcher line = Pattern.compile("VmRSS:\\s+(\\d+) kB").matcher(status);
            return line.find() ? Long.parseLong(line.group(1)) / 1024 : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets the just-in-time compiler see what is to come. */
    static void warm(RealCluster cluster, int seconds) {
        IntStream.range(0, 2)
                .mapToObj(i -> of(cluster, i == 0 ? Workload.W : Workload.C))
                .forEach(load -> load.seconds(0, seconds).run(cluster));
    }
}

package dev.minidynamo.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an operation costs in things that do not depend on the speed of the machine: forces of the
 * log, requests between nodes, and their bytes; and how often a node wakes that has nothing to do.
 */
class CountsIT {

    private static final int WRITERS = 64;
    private static final int WRITES = 200;
    private static final int VALUE_BYTES = 100;
    private static final int OPERATIONS = WRITERS * WRITES;
    private static final int IDLE_SECONDS = 10;
    private static final Pattern TIMED = Pattern.compile("^Name:\\s+(node-n1|periodic-\\d+)\\n");
    private static final Pattern SLEPT = Pattern.compile("\\nvoluntary_ctxt_switches:\\s+(\\d+)");

    @Test
    void aWriteCostsFewForcesRequestsAndBytes() throws Exception {
        try (RealCluster cluster = RealCluster.of(3).flags("--ae=false").start()) {
            Counts before = counts(cluster);
            load(cluster, "PUT", "v".repeat(VALUE_BYTES));
            cluster.await(
                    "each write is in three logs",
                    () -> counts(cluster).since(before).records() >= 3 * OPERATIONS);
            Counts cost = counts(cluster).since(before);
            System.out.println("FIGURE per write at 64 waiting: " + cost.per(OPERATIONS));

            // Each of the three replicas forces; so 0.30 a write is 0.10 a record.
            assertThat(cost.forces() / OPERATIONS).isLessThan(0.6);
            assertThat(cost.requests() / OPERATIONS).isLessThan(2.3);
            assertThat(cost.bytes() / OPERATIONS).isLessThan(2 * (VALUE_BYTES + 24 + 100));
            assertThat(cost.batches() / cost.requests()).isLessThan(0.8);

            Counts reading = counts(cluster);
            load(cluster, "GET", null);
            cluster.await(
                    "the reads are counted", () -> counts(cluster).since(reading).requests() > 0);
            Counts read = counts(cluster).since(reading);
            System.out.println("FIGURE per read at 64 waiting: " + read.per(OPERATIONS));
            assertThat(read.records()).isLessThan(OPERATIONS / 100.0);
            assertThat(read.requests() / OPERATIONS).isLessThan(2.3);
            assertThat(read.bytes() / OPERATIONS).isLessThan(2 * (24 + 100));
        }
    }

    /** Every timer wakes the scheduler's thread and the event loop's, and each time costs. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "counts in /proc")
    void anIdleNodeIsRarelyAwake() {
        try (RealCluster cluster = RealCluster.of(3).start()) {
            long pid = cluster.processOf("n1").orElseThrow().pid();
            long before = timesAwake(pid);
            long began = System.nanoTime();
            cluster.await(
                    IDLE_SECONDS + " s have passed",
                    () -> System.nanoTime() - began > IDLE_SECONDS * 1_000_000_000L);
            double seconds = (System.nanoTime() - began) / 1e9;
            double timesASecond = (timesAwake(pid) - before) / seconds;
            System.out.printf("FIGURE idle: awake %.0f times a second%n", timesASecond);
            assertThat(timesASecond).isBetween(10.0, 65.0);
        }
    }

    /** How often the threads of the event loop and of the timers have gone to sleep. */
    private static long timesAwake(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.map(CountsIT::status)
                    .filter(status -> TIMED.matcher(status).find())
                    .map(SLEPT::matcher)
                    .filter(Matcher::find)
                    .mapToLong(line -> Long.parseLong(line.group(1)))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What Linux tells of a thread; nothing if it has ended. */
    private static String status(Path thread) {
        try {
            return Files.readString(thread.resolve("status"));
        } catch (IOException e) {
            return "";
        }
    }

    /** Sums over all nodes. */
    private record Counts(
            double forces, double records, double requests, double batches, double bytes) {

        Counts since(Counts before) {
            return new Counts(
                    forces - before.forces,
                    records - before.records,
                    requests - before.requests,
                    batches - before.batches,
                    bytes - before.bytes);
        }

        String per(double operations) {
            return "forces %.3f, records %.2f, requests %.2f, batches %.3f, bytes %.0f"
                    .formatted(
                            forces / operations,
                            records / operations,
                            requests / operations,
                            batches / operations,
                            bytes / operations);
        }
    }

    private static Counts counts(RealCluster cluster) {
        return new Counts(
                cluster.metric("dynamo_log_forces_total"),
                cluster.metric("dynamo_log_records_total"),
                cluster.metric("dynamo_peer_requests_total"),
                cluster.metric("dynamo_peer_batches_total"),
                cluster.metric("dynamo_peer_bytes_total"));
    }

    private static void load(RealCluster cluster, String method, String body)
            throws InterruptedException, ExecutionException {
        List<String> nodes = List.copyOf(cluster.ids());
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                String url = cluster.url(nodes.get(writer % nodes.size()));
                tasks.add(() -> {
                    for (int i = 0; i < WRITES; i++) {
                        String key = "user-%019d".formatted(number * WRITES + i);
                        HttpResponse<String> answer =
                                cluster.send(method, url + "/kv/" + key, body);
                        assertThat(answer.statusCode()).isBetween(200, 204);
                    }
                    return null;
                });
            }
            for (Future<Void> done : clients.invokeAll(tasks)) {
                done.get();
            }
        }
    }
}

package dev.minidynamo.figures;

import dev.minidynamo.app.bench.Workload;
import dev.minidynamo.it.RealCluster;
import dev.minidynamo.store.StoreFilling;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What it costs to bring replicas together, and to find that they agree. */
@Tag("figures")
class RepairIT {

    private static final String BYTES = "dynamo_peer_bytes_total";
    private static final String KEYS = "dynamo_keys";
    private static final int KEYS_BEHIND = 100_000;
    private static final int MANY_KEYS = 1_000_000;
    private static final int IDLE_SECONDS = 60;
    private static final int WARM_UP_SECONDS = 60;
    private static final int PAIRS = 3;

    private static void report(String format, Object... values) {
        System.out.printf(Locale.ROOT, "FIGURE " + format + "%n", values);
    }

    @Test
    void anIdleClusterOfAMillionKeys() {
        try (RealCluster cluster =
                Load.plan(3)
                        .data((node, folder) ->
                                StoreFilling.fill(folder, "test", node, MANY_KEYS, 100))
                        .start()) {
            idle(20);
            reportIdle("just started", cluster);
            Load.warm(cluster, WARM_UP_SECONDS);
            idle(60);
            reportIdle("after work", cluster);
        }
    }

    private static void reportIdle(String when, RealCluster cluster) {
        double before = cluster.metric(BYTES);
        Duration cpu = Load.cpu(cluster);
        idle(IDLE_SECONDS);
        double bytes = cluster.metric(BYTES) - before;
        double cores =
                Load.cpu(cluster).minus(cpu).toNanos() / 1e9 / IDLE_SECONDS / cluster.ids().size();
        report(
                "idle, %s, %,d keys: %.0f bytes a second between two nodes, %.3f core a node,"
                        + " %d MiB resident",
                when,
                MANY_KEYS,
                bytes / IDLE_SECONDS / PAIRS,
                cores,
                Load.residentMebibytes(cluster));
    }

    @Test
    void antiEntropyFillsAnEmptyReplica() {
        try (RealCluster cluster =
                Load.plan(3)
                        .data((node, folder) -> {
                            if (!node.equals("n2")) {
                                StoreFilling.fill(folder, "test", node, KEYS_BEHIND, 100);
                            }
                        })
                        .start()) {
            long start = System.nanoTime();
            cluster.await("n2 holds every key", () -> cluster.metric(KEYS) >= 3.0 * KEYS_BEHIND);
            double seconds = (System.nanoTime() - start) / 1e9;
            report(
                    "anti-entropy: %,d keys in %.1f s, %.0f a second, %.0f bytes each",
                    KEYS_BEHIND,
                    seconds,
                    KEYS_BEHIND / seconds,
                    cluster.metric(BYTES) / KEYS_BEHIND);
        }
    }

    @Test
    void hintsFillAReplicaThatWasDead() {
        try (RealCluster cluster = Load.plan(3).flags("--ae=false").start()) {
            cluster.kill("n2");
            Load.of(cluster, Workload.W).through(List.of("n1", "n3")).store(cluster);
            double hints = cluster.metric("dynamo_hints");
            double before = cluster.metric(BYTES);
            long start = System.nanoTime();
            cluster.restart("n2");
            double ready = (System.nanoTime() - start) / 1e9;
            cluster.await("the hints are delivered", () -> cluster.metric("dynamo_hints") == 0);
            double seconds = (System.nanoTime() - start) / 1e9;
            report(
                    "hints: %,.0f in %.1f s, of which %.1f s until n2 was ready, %.0f bytes each",
                    hints, seconds, ready, (cluster.metric(BYTES) - before) / hints);
        }
    }

    private static void idle(int seconds) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}

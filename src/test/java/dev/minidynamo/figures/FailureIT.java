package dev.minidynamo.figures;

import dev.minidynamo.app.bench.Workload;
import dev.minidynamo.it.RealCluster;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** What clients of the others see while one of three nodes is dead, paused, slow or returns. */
@Tag("figures")
class FailureIT {

    private static final int WARM_UP_SECONDS = 60;
    private static final int OVERLOAD_WARM_UP_SECONDS = 15;
    private static final int OVERLOAD_SECONDS = 20;
    private static final int SECONDS = 10;
    private static final int SETTLING_SECONDS = 20;
    private static final int ROUNDS = 6;
    private static final int DETECTION_SECONDS = 3;
    private static final List<String> OTHERS = List.of("n1", "n3");

    private static void report(String format, Object... values) {
        System.out.printf(Locale.ROOT, "FIGURE " + format + "%n", values);
    }

    private static void phase(String name, RealCluster cluster, Load load) {
        report("%s: %s", name, load.run(cluster));
    }

    /** The same phases several times in turn, because a machine's speed changes by the minute. */
    @Test
    void oneNodeIsKilledAndReturns() {
        try (RealCluster cluster = Load.plan(3).start()) {
            Load load = ready(cluster);
            Rounds rounds = new Rounds(cluster);
            for (int i = 0; i < ROUNDS; i++) {
                outage(rounds, load, "n2 dead", () -> cluster.kill("n2"));
                reportHints(cluster);
                CompletableFuture<Void> returning =
                        CompletableFuture.runAsync(() -> cluster.restart("n2"));
                rounds.measure("n2 starting and returning", load);
                returning.join();
                rounds.measure("n2 back", load);
                reportHints(cluster);
                load.seconds(0, SETTLING_SECONDS).run(cluster);
            }
            rounds.report();
        }
    }

    /** A paused node keeps its compiled code, so that its return shows what the hints cost. */
    @Test
    void oneNodeIsPausedAndResumed() {
        try (RealCluster cluster = Load.plan(3).start()) {
            Load load = ready(cluster);
            Rounds rounds = new Rounds(cluster);
            for (int i = 0; i < ROUNDS; i++) {
                outage(rounds, load, "n2 paused", () -> cluster.pause("n2"));
                cluster.resume("n2");
                rounds.measure("n2 resumed, taking its hints", load);
                reportHints(cluster);
            }
            rounds.report();
        }
    }

    private static void outage(Rounds rounds, Load load, String name, Runnable fault) {
        rounds.measure("healthy", load);
        fault.run();
        rounds.measure(name + ", first 3 s", load.seconds(0, DETECTION_SECONDS));
        rounds.measure(name, load);
    }

    private static void reportHints(RealCluster cluster) {
        report("hints waiting: %.0f", cluster.metric("dynamo_hints"));
    }

    @Test
    void oneNodeIsSlow() {
        try (RealCluster cluster = Load.plan(3).start()) {
            Load load = ready(cluster);
            Load reads = Load.of(cluster, Workload.C).through(OTHERS).seconds(0, SECONDS);
            phase("healthy, writes", cluster, load);
            phase("healthy, reads", cluster, reads);
            for (String node : OTHERS) {
                cluster.send(
                        "POST",
                        cluster.url(node) + "/admin/links",
                        "{\"peer\":\"n2\",\"delayMillis\":500,\"seconds\":60}",
                        "Content-Type",
                        "application/json");
            }
            phase("n2 half a second away, first 3 s", cluster, load.seconds(0, DETECTION_SECONDS));
            phase("n2 half a second away, writes", cluster, load);
            phase("n2 half a second away, reads", cluster, reads);
        }
    }

    /** Offers twice what the cluster can do, for goodput. */
    @Test
    void twiceTheCapacityIsOffered() {
        try (RealCluster cluster = Load.plan(3).start()) {
            Load load = ready(cluster).through(cluster.ids());
            for (Workload workload : List.of(Workload.W, Workload.C)) {
                Load of = Load.of(cluster, workload).seconds(DETECTION_SECONDS, SECONDS);
                Load.Measured peak = of.run(cluster);
                report("peak %s: %s", workload, peak);
                Load twice =
                        of.connections(1024)
                                .rate(2 * peak.bench().throughput())
                                .seconds(OVERLOAD_WARM_UP_SECONDS, OVERLOAD_SECONDS);
                Load.Measured goodput = twice.run(cluster);
                report(
                        "twice the peak %s: %s; goodput %.2f of the peak",
                        workload,
                        goodput,
                        goodput.bench().throughput() / peak.bench().throughput());
            }
            phase("afterwards", cluster, load);
        }
    }

    private static Load ready(RealCluster cluster) {
        Load.of(cluster, Workload.W).store(cluster);
        Load.warm(cluster, WARM_UP_SECONDS);
        return Load.of(cluster, Workload.W).through(OTHERS).seconds(0, SECONDS);
    }
}

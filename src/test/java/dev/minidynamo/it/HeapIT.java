package dev.minidynamo.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.UncheckedIOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** P12: a heap that is exhausted ends the process, and takes nothing with it (P1). */
class HeapIT {

    private static final int CLIENTS = 16;
    private static final int MOST_UNANSWERED = 5;
    private static final int OUT_OF_MEMORY = 3;

    /** Keys stay in memory, values do not; so long keys fill a small heap soon. */
    private static String key(int i) {
        return "k".repeat(1_000) + i;
    }

    @Test
    void aNodeWhoseHeapIsExhaustedEndsAndHoldsWhatItAcknowledgedAfterwards()
            throws InterruptedException {
        ClusterPlan plan = RealCluster.of(1).jvmFlags("-Xmx40m", "-XX:+ExitOnOutOfMemoryError");
        try (RealCluster cluster = plan.start()) {
            Queue<Integer> acknowledged = fill(cluster);
            assertThat(cluster.process("n1").exitStatus()).isEqualTo(OUT_OF_MEMORY);
            assertThat(cluster.log("n1")).contains("java.lang.OutOfMemoryError");
            assertThat(acknowledged).hasSizeGreaterThan(1_000);

            plan.jvmFlags("-Xmx256m");
            cluster.restart("n1");
            Clients.inParallel(
                    CLIENTS,
                    () -> {
                        for (Integer i = acknowledged.poll(); i != null; i = acknowledged.poll()) {
                            assertThat(cluster.get("n1", key(i))).isEqualTo("v" + i);
                        }
                    });
            assertThat(acknowledged).isEmpty();
        }
    }

    /** Writes until the node is gone, or has long been silent; the keys that it acknowledged. */
    private static Queue<Integer> fill(RealCluster cluster) throws InterruptedException {
        Queue<Integer> acknowledged = new ConcurrentLinkedQueue<>();
        AtomicInteger next = new AtomicInteger();
        Clients.inParallel(
                CLIENTS,
                () -> {
                    int unanswered = 0;
                    while (cluster.alive("n1") && unanswered < MOST_UNANSWERED) {
                        int i = next.getAndIncrement();
                        try {
                            if (cluster.put("n1", key(i), "v" + i) == 204) {
                                acknowledged.add(i);
                            }
                        } catch (UncheckedIOException e) {
                            unanswered++;
                        }
                    }
                });
        return acknowledged;
    }
}

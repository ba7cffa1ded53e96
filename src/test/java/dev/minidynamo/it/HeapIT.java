package dev.minidynamo.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** P12: a heap that is exhausted ends the process, and takes nothing with it (P1). */
class HeapIT {

    private static final int CLIENTS = 16;
    private static final int MOST_KEYS = 200_000;
    private static final int OUT_OF_MEMORY = 3;

    /** Keys stay in memory, values do not; so long keys fill a small heap soon. */
    private static String key(int i) {
        return "k".repeat(1_000) + i;
    }

    @Test
    void aNodeWhoseHeapIsExhaustedEndsAndHoldsWhatItAcknowledgedAfterwards() {
        ClusterPlan plan = RealCluster.of(1).jvmFlags("-Xmx40m", "-XX:+ExitOnOutOfMemoryError");
        try (RealCluster cluster = plan.start()) {
            Set<Integer> acknowledged = fill(cluster);
            assertThat(cluster.process("n1").exitStatus()).isEqualTo(OUT_OF_MEMORY);
            assertThat(cluster.log("n1")).contains("java.lang.OutOfMemoryError");

            plan.jvmFlags("-Xmx256m");
            cluster.restart("n1");
            assertThat(acknowledged).hasSizeGreaterThan(1_000);
            inParallel(i -> {
                for (int key : acknowledged) {
                    if (key % CLIENTS == i) {
                        assertThat(cluster.get("n1", key(key))).isEqualTo("v" + key);
                    }
                }
            });
        }
    }

    /** Writes until the node is gone; the keys that it acknowledged. */
    private static Set<Integer> fill(RealCluster cluster) {
        Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
        AtomicInteger next = new AtomicInteger();
        inParallel(_ -> {
            while (cluster.alive("n1") && next.get() < MOST_KEYS) {
                int key = next.getAndIncrement();
                try {
                    if (cluster.put("n1", key(key), "v" + key) == 204) {
                        acknowledged.add(key);
                    }
                } catch (UncheckedIOException e) {
                    // The node ended meanwhile.
                }
            }
        });
        return acknowledged;
    }

    private static void inParallel(IntConsumer client) {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, CLIENTS)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> client.accept(i), clients))
                    .toList()
                    .forEach(CompletableFuture::join);
        }
    }
}

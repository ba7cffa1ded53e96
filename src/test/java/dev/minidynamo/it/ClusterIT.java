package dev.minidynamo.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;

/** Three real processes that serve keys, while they are killed. */
class ClusterIT {

    private static final int KEYS = 10_000;
    private static final int CONNECTIONS = 16;
    private static final int MEBIBYTE = 1 << 20;

    @Test
    void whatOneNodeTakesEveryNodeServes() {
        try (RealCluster cluster = RealCluster.of(3).start()) {
            assertThat(cluster.put("n1", "hello", "world")).isEqualTo(204);
            assertThat(cluster.get("n2", "hello")).isEqualTo("world");
            assertThat(cluster.get("n3", "hello")).isEqualTo("world");
        }
    }

    @Test
    void aMebibyteOfAnyBytesComesBackEqualAndOneByteMoreIsRefused() throws Exception {
        try (RealCluster cluster = RealCluster.of(3).start();
                HttpClient http = HttpClient.newHttpClient()) {
            byte[] value = new byte[MEBIBYTE];
            new Random(1).nextBytes(value);
            assertThat(putBytes(http, cluster.url("n1") + "/kv/large", value)).isEqualTo(204);
            HttpRequest get =
                    HttpRequest.newBuilder(URI.create(cluster.url("n3") + "/kv/large")).build();
            assertThat(http.send(get, HttpResponse.BodyHandlers.ofByteArray()).body())
                    .isEqualTo(value);
            byte[] larger = new byte[MEBIBYTE + 1];
            assertThat(putBytes(http, cluster.url("n1") + "/kv/larger", larger)).isEqualTo(413);
        }
    }

    private static int putBytes(HttpClient http, String url, byte[] value) throws Exception {
        HttpRequest put =
                HttpRequest.newBuilder(URI.create(url))
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(value))
                        .build();
        return http.send(put, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /** P1 and P3: a node dies in the middle of writing, then all do. */
    @Test
    void noAcknowledgedKeyIsLostWhenOneNodeAndThenAllAreKilled() throws Exception {
        try (RealCluster cluster = RealCluster.of(3).start()) {
            ConcurrentSkipListMap<Integer, String> acknowledged = new ConcurrentSkipListMap<>();
            Set<String> failedThroughSurvivors = new ConcurrentSkipListSet<>();
            AtomicInteger next = new AtomicInteger();
            Clients.inParallel(
                    CONNECTIONS,
                    () -> {
                        for (int i = next.getAndIncrement(); i < KEYS; i = next.getAndIncrement()) {
                            if (i == KEYS / 2) {
                                cluster.kill("n2");
                            }
                            String node = "n" + (i % 3 + 1);
                            int status = putOrZero(cluster, node, i);
                            if (status == 204) {
                                acknowledged.put(i, node);
                            } else if (!node.equals("n2")) {
                                failedThroughSurvivors.add(
                                        node + " answered " + status + " for key-" + i);
                            }
                        }
                    });
            assertThat(failedThroughSurvivors).isEmpty();
            assertThat(acknowledged.size()).isGreaterThan(KEYS * 2 / 3 - 1);
            cluster.restart("n2");
            cluster.awaitReady("n2");
            readEach(cluster, acknowledged);

            cluster.ids().forEach(cluster::kill);
            cluster.ids().forEach(cluster::restart);
            cluster.ids().forEach(cluster::awaitReady);
            readEach(cluster, acknowledged);
        }
    }

    private static int putOrZero(RealCluster cluster, String node, int i) {
        try {
            return cluster.put(node, "key-" + i, "value-" + i);
        } catch (java.io.UncheckedIOException killed) {
            return 0;
        }
    }

    /** Reads each key through another node than the one that took it. */
    private static void readEach(
            RealCluster cluster, ConcurrentSkipListMap<Integer, String> acknowledged)
            throws InterruptedException {
        Set<String> wrong = new ConcurrentSkipListSet<>();
        Integer[] keys = acknowledged.keySet().toArray(Integer[]::new);
        AtomicInteger next = new AtomicInteger();
        Clients.inParallel(
                CONNECTIONS,
                () -> {
                    for (int k = next.getAndIncrement();
                            k < keys.length;
                            k = next.getAndIncrement()) {
                        int i = keys[k];
                        String other = "n" + ((i + 1) % 3 + 1);
                        String value = cluster.get(other, "key-" + i);
                        if (!("value-" + i).equals(value)) {
                            wrong.add("key-" + i + " through " + other + " is " + value);
                        }
                    }
                });
        assertThat(wrong).isEmpty();
    }
}

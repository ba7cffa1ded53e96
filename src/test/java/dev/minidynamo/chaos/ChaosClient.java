package dev.minidynamo.chaos;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;

/** A client that puts, gets and deletes in strict mode, one request after the other. */
final class ChaosClient implements Runnable {

    private static final int KEYS = 12;

    private final ProcessCluster cluster;
    private final ChaosHistory history;
    private final Random random;
    private final long endNanos;

    ChaosClient(ProcessCluster cluster, ChaosHistory history, long seed, long endNanos) {
        this.cluster = cluster;
        this.history = history;
        this.random = new Random(seed);
        this.endNanos = endNanos;
    }

    @Override
    public void run() {
        while (System.nanoTime() < endNanos && !Thread.currentThread().isInterrupted()) {
            int node = random.nextInt(cluster.size());
            String key = "key-" + random.nextInt(KEYS);
            switch (random.nextInt(5)) {
                case 0, 1 -> put(node, key);
                case 2 -> delete(node, key);
                default -> get(cluster, history, node, key);
            }
        }
    }

    private void put(int node, String key) {
        String value = history.newValue(key);
        write(node, key, "PUT", HttpRequest.BodyPublishers.ofString(value));
    }

    private void delete(int node, String key) {
        write(node, key, "DELETE", HttpRequest.BodyPublishers.noBody());
    }

    private void write(int node, String key, String verb, HttpRequest.BodyPublisher body) {
        HttpResponse<byte[]> answer = send(cluster, node, key, verb, body);
        if (answer != null && answer.statusCode() == 204) {
            history.written(key, answer.headers().firstValue("ETag").orElse(""));
        }
    }

    /** Reads a key; true if the node answered with a value or with nothing. */
    static boolean get(ProcessCluster cluster, ChaosHistory history, int node, String key) {
        ChaosHistory.Floor floor = history.floor(key);
        HttpResponse<byte[]> answer =
                send(cluster, node, key, "GET", HttpRequest.BodyPublishers.noBody());
        if (answer == null || (answer.statusCode() != 200 && answer.statusCode() != 404)) {
            return false;
        }
        String value =
                answer.statusCode() == 200
                        ? new String(answer.body(), StandardCharsets.UTF_8)
                        : null;
        history.read(floor, value, answer.headers().firstValue("ETag").orElse(""));
        return true;
    }

    private static HttpResponse<byte[]> send(
            ProcessCluster cluster,
            int node,
            String key,
            String verb,
            HttpRequest.BodyPublisher body) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    cluster.uri(node, "/kv/" + key + "?mode=strict&timeout=1500"))
                            .timeout(Duration.ofSeconds(4))
                            .method(verb, body)
                            .build();
            return cluster.http().send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}

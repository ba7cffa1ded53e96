package dev.minidynamo.chaos;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;

/** A client that puts, gets and deletes, in one mode, one request after the other. */
final class ChaosClient implements Runnable {

    private static final int KEYS = 12;
    private static final int LONGEST_REST_MILLIS = 40;

    private final ProcessCluster cluster;
    private final ChaosHistory history;
    private final Random random;
    private final long endNanos;
    private final boolean strict;

    /**
     * What a read was told.
     *
     * @param value null if there is none
     */
    record Answer(String value, String etag) {}

    ChaosClient(
            ProcessCluster cluster,
            ChaosHistory history,
            long seed,
            long endNanos,
            boolean strict) {
        this.cluster = cluster;
        this.history = history;
        this.random = new Random(seed);
        this.endNanos = endNanos;
        this.strict = strict;
    }

    @Override
    public void run() {
        while (System.nanoTime() < endNanos && !Thread.currentThread().isInterrupted()) {
            int node = random.nextInt(cluster.size());
            String key = "key-" + random.nextInt(KEYS);
            switch (random.nextInt(5)) {
                case 0, 1 -> write(node, history.put(key, strict), key);
                case 2 -> write(node, history.delete(key, strict), key);
                default -> get(cluster, history, node, key, strict);
            }
            ChaosIT.rest(random.nextInt(LONGEST_REST_MILLIS));
        }
    }

    private void write(int node, ChaosHistory.Write write, String key) {
        HttpResponse<byte[]> answer =
                write.value() == null
                        ? send(cluster, node, key, strict, "DELETE", BodyPublishers.noBody())
                        : send(
                                cluster,
                                node,
                                key,
                                strict,
                                "PUT",
                                BodyPublishers.ofString(write.value()));
        if (answer != null && answer.statusCode() == 204) {
            history.written(write, answer.headers().firstValue("ETag").orElse(""));
        } else if (answer != null && text(answer).contains("\"outcome\":\"rejected\"")) {
            history.rejected(write);
        } else {
            history.unknown(write);
        }
    }

    /** Reads a key; null unless the node answered with a value or with nothing. */
    static Answer get(
            ProcessCluster cluster, ChaosHistory history, int node, String key, boolean strict) {
        ChaosHistory.Floor floor = history.floor(key, strict);
        HttpResponse<byte[]> response =
                send(cluster, node, key, strict, "GET", BodyPublishers.noBody());
        if (response == null || (response.statusCode() != 200 && response.statusCode() != 404)) {
            return null;
        }
        String etag = response.headers().firstValue("ETag").orElse("");
        Answer answer = new Answer(response.statusCode() == 200 ? text(response) : null, etag);
        history.read(floor, answer.value(), etag);
        if (strict) {
            history.readStrictly(key, etag);
        }
        return answer;
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static HttpResponse<byte[]> send(
            ProcessCluster cluster,
            int node,
            String key,
            boolean strict,
            String verb,
            HttpRequest.BodyPublisher body) {
        String query = "?mode=" + (strict ? "strict" : "sloppy") + "&timeout=1500";
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(cluster.uri(node, "/kv/" + key + query))
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

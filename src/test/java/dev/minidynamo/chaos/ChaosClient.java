package dev.minidynamo.chaos;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;

/** A client that puts, gets and deletes, in one mode, one request after the other. */
final class ChaosClient implements Runnable {

    private static final int KEYS = 12;
    private static final int LONGEST_REST_MILLIS = 40;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ProcessCluster cluster;
    private final ChaosHistory history;
    private final Random random;
    private final long endNanos;
    private final boolean strict;

    /**
     * What a read was told.
     *
     * @param value null if there is none
     * @param version of the value, or of the tombstone in its place; null if there is neither, or
     *     the answer does not tell
     */
    record Answer(String value, String version) {}

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
                case 0, 1 -> write(node, history.put(key, node, strict), key);
                case 2 -> write(node, history.delete(key, node, strict), key);
                default -> get(cluster, history, node, key, strict);
            }
            ChaosIT.rest(random.nextInt(LONGEST_REST_MILLIS));
        }
    }

    private void write(int node, ChaosHistory.Write write, String key) {
        String verb = write.value() == null ? "DELETE" : "PUT";
        HttpRequest.BodyPublisher body =
                write.value() == null
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofString(write.value());
        try {
            HttpResponse<byte[]> answer = send(cluster, node, key, query(strict), verb, body);
            if (answer.statusCode() == 204) {
                history.written(write, answer.headers().firstValue("ETag").orElse(""));
            } else if (text(answer).contains("\"outcome\":\"rejected\"")) {
                history.rejected(write);
            } else {
                history.unknown();
            }
        } catch (ConnectException nobody) {
            history.rejected(write);
        } catch (IOException broken) {
            history.unknown();
        }
    }

    /** Reads a key; null unless the node answered with a value or with nothing. */
    static Answer get(
            ProcessCluster cluster, ChaosHistory history, int node, String key, boolean strict) {
        ChaosHistory.Floor floor = history.floor(key, strict);
        try {
            String query = query(strict) + (strict ? "&explain=true" : "");
            HttpResponse<byte[]> response =
                    send(cluster, node, key, query, "GET", BodyPublishers.noBody());
            if (response.statusCode() != 200 && response.statusCode() != 404) {
                return null;
            }
            Answer answer = strict ? explained(response) : plain(response);
            history.read(floor, answer.value(), answer.version());
            if (strict && answer.version() != null) {
                history.readStrictly(key, answer.version());
            }
            return answer;
        } catch (IOException e) {
            return null;
        }
    }

    private static Answer plain(HttpResponse<byte[]> response) {
        return new Answer(
                response.statusCode() == 200 ? text(response) : null,
                response.headers().firstValue("ETag").orElse(null));
    }

    /** What only this answer tells is the version of a tombstone. */
    private static Answer explained(HttpResponse<byte[]> response) {
        JsonNode json = JSON.readTree(response.body());
        String value =
                json.has("valueBase64")
                        ? new String(
                                Base64.getDecoder().decode(json.get("valueBase64").asString()),
                                StandardCharsets.UTF_8)
                        : null;
        return new Answer(value, json.has("version") ? json.get("version").asString() : null);
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String query(boolean strict) {
        return "?mode=" + (strict ? "strict" : "sloppy") + "&timeout=1500";
    }

    private static HttpResponse<byte[]> send(
            ProcessCluster cluster,
            int node,
            String key,
            String query,
            String verb,
            HttpRequest.BodyPublisher body)
            throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(cluster.uri(node, "/kv/" + key + query))
                        .timeout(Duration.ofSeconds(4))
                        .method(verb, body)
                        .build();
        try {
            return cluster.http().send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}

package dev.minidynamo.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A stand-in for a node that answers what the dashboard asks, without being a store. */
final class FakeNode implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String id;
    private final List<String> all;
    private final HttpServer server;
    private final long started = System.currentTimeMillis();
    private final Map<String, byte[]> values = new ConcurrentSkipListMap<>();
    final AtomicInteger hints = new AtomicInteger();
    volatile boolean hintsPaused;
    volatile String liveness = "UP";
    volatile Map<String, Object> links = Map.of();

    FakeNode(String id, int port, List<String> all) throws IOException {
        this.id = id;
        this.all = all;
        server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/health", e -> answer(e, 200, "ok".getBytes(StandardCharsets.UTF_8)));
        server.createContext("/debug/status", e -> json(e, 200, status()));
        server.createContext("/debug/ring", e -> json(e, 200, ring()));
        server.createContext("/debug/explain", e -> json(e, 200, explain(query(e).get("key"))));
        server.createContext("/kv", this::kv);
        server.createContext("/admin", e -> json(e, 200, Map.of()));
        server.start();
    }

    String id() {
        return id;
    }

    int port() {
        return server.getAddress().getPort();
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    private Map<String, Object> status() {
        long now = System.currentTimeMillis();
        Map<String, Object> s = new TreeMap<>();
        s.put("node", id);
        s.put("cluster", "demo");
        s.put("startedMillis", started);
        s.put("synchronised", true);
        s.put("links", links);
        s.put("clock", Map.of("wallMillis", now, "offsetMillis", -3));
        s.put(
                "store",
                Map.of(
                        "liveKeys",
                        1204 + values.size(),
                        "tombstones",
                        12,
                        "log",
                        Map.of("segments", 3, "bytes", 12_400_000, "forceP99Nanos", 1_800_000),
                        "snapshot",
                        Map.of("atMillis", started)));
        s.put(
                "hints",
                Map.of(
                        "count", hints.get(),
                        "paused", hintsPaused,
                        "targets", List.of(Map.of("target", "n2", "count", hints.get()))));
        s.put(
                "antiEntropy",
                Map.of(
                        "enabled",
                        true,
                        "lastRunMillis",
                        now - 4000,
                        "lastPeer",
                        "n3",
                        "totalPulled",
                        7,
                        "peers",
                        List.of(Map.of("id", "n3", "differing", 0))));
        s.put(
                "peers",
                Map.of(
                        "peers",
                        all.stream().map(p -> Map.of("id", p, "liveness", liveness)).toList()));
        long count = (now - started) / 6;
        s.put(
                "coordinator",
                Map.of(
                        "rejected", 0,
                        "readLatency", Map.of("count", count, "p50Micros", 700, "p99Micros", 2900),
                        "writeLatency",
                                Map.of("count", count, "p50Micros", 1100, "p99Micros", 3900)));
        s.put(
                "events",
                List.of(
                        Map.of(
                                "seq",
                                1,
                                "atMillis",
                                started,
                                "kind",
                                "recovered",
                                "text",
                                "replayed 1,204 records in 92 ms"),
                        Map.of(
                                "seq",
                                2,
                                "atMillis",
                                started + 900,
                                "kind",
                                "peer_up",
                                "text",
                                "hears n2"),
                        Map.of(
                                "seq",
                                3,
                                "atMillis",
                                started + 2900,
                                "kind",
                                "hint_stored",
                                "text",
                                "keeps a hint for n2"),
                        Map.of(
                                "seq",
                                4,
                                "atMillis",
                                started + 3900,
                                "kind",
                                "pulled",
                                "text",
                                "pulled 3 keys from n3")));
        return s;
    }

    private Map<String, Object> ring() {
        Random random = new Random(7);
        TreeMap<String, String> vnodes = new TreeMap<>();
        for (String node : all) {
            for (int i = 0; i < 64; i++) {
                vnodes.put(String.format("%016x", random.nextLong()), node);
            }
        }
        return Map.of(
                "vnodes",
                vnodes.entrySet().stream()
                        .map(e -> Map.of("token", e.getKey(), "node", e.getValue()))
                        .toList(),
                "nodes",
                all.stream().map(n -> Map.of("id", n, "ownership", 1.0 / all.size())).toList());
    }

    private Map<String, Object> explain(String key) {
        return Map.of(
                "key",
                key,
                "token",
                "9f3a7c2100000000",
                "partition",
                10190,
                "primaries",
                all,
                "fallbacks",
                List.of(),
                "replicas",
                all.stream()
                        .map(n ->
                                Map.of(
                                        "node",
                                        n,
                                        "answer",
                                        n.equals("n2") ? "stale" : "newest",
                                        "version",
                                        "108213091029120000-n1-9f3a",
                                        "writer",
                                        "n1",
                                        "writtenAtMillis",
                                        started,
                                        "valueBytes",
                                        12,
                                        "tombstone",
                                        false,
                                        "hints",
                                        n.equals("n1")
                                                ? List.of(
                                                        Map.of("target", "n2", "ageMillis", 12000))
                                                : List.of()))
                        .toList());
    }

    private void kv(HttpExchange e) throws IOException {
        Map<String, String> query = query(e);
        String key = query.get("key");
        if (key == null) {
            String prefix = query.getOrDefault("prefix", "");
            json(
                    e,
                    200,
                    Map.of(
                            "keys",
                            values.keySet().stream()
                                    .filter(k -> k.startsWith(prefix))
                                    .map(k ->
                                            Map.of(
                                                    "key",
                                                    k,
                                                    "valueBytes",
                                                    values.get(k).length,
                                                    "version",
                                                    "1-n1-1",
                                                    "writtenAtMillis",
                                                    started))
                                    .toList()));
            return;
        }
        boolean read = e.getRequestMethod().equals("GET");
        if (e.getRequestMethod().equals("PUT")) {
            values.put(key, e.getRequestBody().readAllBytes());
        } else if (!read) {
            values.remove(key);
        }
        Map<String, Object> told = new TreeMap<>(explain(key));
        byte[] value = values.get(key);
        told.put("outcome", read ? value == null ? "not found" : "found" : "written");
        if (read && value != null) {
            told.put("valueBase64", Base64.getEncoder().encodeToString(value));
        }
        told.put("required", 2);
        told.put("consistency", "sloppy");
        told.put("latencyMicros", 2310);
        told.put("version", "108213091029120000-n1-9f3a");
        told.put(
                "replicas",
                all.stream()
                        .map(n ->
                                Map.of(
                                        "node",
                                        n,
                                        "answer",
                                        n.equals("n2") ? "hinted" : read ? "newest" : "ack",
                                        "elapsedMicros",
                                        n.equals("n2") ? 0 : 900 + 400 * all.indexOf(n)))
                        .toList());
        json(e, 200, told);
    }

    private static Map<String, String> query(HttpExchange e) {
        Map<String, String> query = new TreeMap<>();
        String raw = e.getRequestURI().getRawQuery();
        for (String part : raw == null ? new String[0] : raw.split("&")) {
            String[] pair = part.split("=", 2);
            query.put(
                    pair[0],
                    URLDecoder.decode(pair.length > 1 ? pair[1] : "", StandardCharsets.UTF_8));
        }
        return query;
    }

    private static void json(HttpExchange e, int status, Object body) throws IOException {
        e.getResponseHeaders().set("Content-Type", "application/json");
        answer(e, status, JSON.writeValueAsBytes(body));
    }

    private static void answer(HttpExchange e, int status, byte[] body) throws IOException {
        e.sendResponseHeaders(status, body.length);
        e.getResponseBody().write(body);
        e.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

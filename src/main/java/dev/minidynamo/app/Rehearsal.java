package dev.minidynamo.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A node's short life for the sake of a {@link StartCache}: in a folder of its own, with a peer
 * that does not exist, it serves some of everything, so that the classes which a real node needs
 * have been used.
 */
final class Rehearsal {

    private static final int ROUNDS = 100;
    private static final List<String> LOOKS =
            List.of(
                    "/health",
                    "/actuator/health",
                    "/actuator/health/readiness",
                    "/actuator/prometheus",
                    "/debug/hints",
                    "/debug/ae",
                    "/debug/persist",
                    "/debug/ring",
                    "/kv?prefix=r",
                    "/kv/r1?explain=true",
                    "/kv/nothing",
                    "/kv/..");

    private final String base;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();

    private Rehearsal(String base) {
        this.base = base;
    }

    /** What starts the node of a rehearsal: two nodes, of which n1 runs. */
    static List<String> arguments(Path folder) throws IOException {
        Path config = folder.resolve("nodes.json");
        Files.writeString(
                config,
                """
                {"nodes": [{"id": "n1", "addr": "127.0.0.1:%d"}, {"id": "n2", "addr": "127.0.0.1:%d"}],
                 "vnodes": 64, "n": 2, "r": 1, "w": 1}
                """
                        .formatted(freePort(), freePort()));
        return List.of(
                "--id=n1",
                "--config=" + config,
                "--data-dir=" + folder.resolve("data"),
                "--rehearse");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Serves the rounds through the node at this address. */
    static void run(String base) throws IOException, InterruptedException {
        Rehearsal rehearsal = new Rehearsal(base);
        for (int i = 0; i < ROUNDS; i++) {
            rehearsal.send("PUT", "/kv/r" + i);
            rehearsal.send("GET", "/kv/r" + i);
            rehearsal.send("DELETE", "/kv/r" + i / 2);
        }
        for (String path : LOOKS) {
            rehearsal.send("GET", path);
        }
    }

    private void send(String method, String path) throws IOException, InterruptedException {
        HttpRequest.BodyPublisher body =
                method.equals("PUT")
                        ? HttpRequest.BodyPublishers.ofString("value")
                        : HttpRequest.BodyPublishers.noBody();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + path)).method(method, body).build();
        http.send(request, HttpResponse.BodyHandlers.discarding());
    }
}

package dev.minidynamo.chaos;

import dev.minidynamo.it.ClusterPlan;
import dev.minidynamo.it.RealFolder;
import dev.minidynamo.it.RealProcess;

import org.awaitility.Awaitility;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Nodes as processes of the packaged jar, on ports and in a folder of their own. */
final class ProcessCluster implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(90);

    private final Path folder;
    private final Path temporary;
    private final List<Integer> ports;
    private final Map<Integer, RealProcess> processes = new TreeMap<>();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();

    ProcessCluster(Path folder, int nodes) throws IOException {
        this.folder = folder;
        this.temporary = Files.createDirectory(folder.resolve("tmp"));
        this.ports = RealFolder.freePorts(nodes);
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < nodes; i++) {
            int port = ports.get(i);
            members.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"n")
                    .append(i + 1)
                    .append("\",\"addr\":\"127.0.0.1:")
                    .append(port)
                    .append("\"}");
        }
        Files.writeString(
                folder.resolve("nodes.json"),
                "{\"cluster\":\"chaos\",\"nodes\":["
                        + members
                        + "],\"vnodes\":16,"
                        + (nodes < 3 ? "\"n\":1,\"r\":1,\"w\":1}" : "\"n\":3,\"r\":2,\"w\":2}"));
    }

    int size() {
        return ports.size();
    }

    int port(int node) {
        return ports.get(node);
    }

    URI uri(int node, String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + ports.get(node) + pathAndQuery);
    }

    HttpClient http() {
        return http;
    }

    void start(int node) {
        List<String> jvm = new ArrayList<>(ClusterPlan.JVM_FLAGS);
        jvm.add("-XX:+ExitOnOutOfMemoryError");
        jvm.add("-Djava.io.tmpdir=" + temporary);
        processes.put(
                node,
                RealProcess.startNode(
                        jvm,
                        List.of(
                                "--id=n" + (node + 1),
                                "--config=" + folder.resolve("nodes.json"),
                                "--data_dir=" + folder.resolve("n" + (node + 1)),
                                "--fault-injection=true"),
                        Map.of(),
                        folder.resolve("n" + (node + 1) + ".log")));
    }

    void startAll() {
        for (int i = 0; i < size(); i++) {
            start(i);
        }
        for (int i = 0; i < size(); i++) {
            awaitHealthy(i);
        }
    }

    void awaitHealthy(int node) {
        Awaitility.await()
                .atMost(START)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> healthy(node));
    }

    boolean healthy(int node) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(uri(node, "/health"))
                            .timeout(Duration.ofSeconds(2))
                            .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    boolean alive(int node) {
        return process(node).alive();
    }

    /** SIGKILL. */
    void kill(int node) {
        process(node).kill();
    }

    /** SIGSTOP or SIGCONT. */
    void signal(int node, String name) {
        process(node).signal(name);
    }

    private RealProcess process(int node) {
        return Objects.requireNonNull(processes.get(node));
    }

    /** Everything the node has printed. */
    String log(int node) throws IOException {
        return Files.readString(folder.resolve("n" + (node + 1) + ".log"));
    }

    /** What the nodes have left in their folder for temporary files. */
    List<Path> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.toList();
        }
    }

    @Override
    public void close() {
        processes.values().forEach(RealProcess::kill);
        http.close();
    }
}

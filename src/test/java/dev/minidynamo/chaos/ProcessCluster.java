package dev.minidynamo.chaos;

import org.awaitility.Awaitility;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Nodes as processes of the packaged jar, on ports and in a folder of their own. */
final class ProcessCluster implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(90);

    private final Path folder;
    private final Path temporary;
    private final List<Integer> ports = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();

    ProcessCluster(Path folder, int nodes) throws IOException {
        this.folder = folder;
        this.temporary = Files.createDirectory(folder.resolve("tmp"));
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < nodes; i++) {
            int port = freePort();
            ports.add(port);
            processes.add(null);
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

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
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

    void start(int node) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        File log = folder.resolve("n" + (node + 1) + ".log").toFile();
        processes.set(
                node,
                new ProcessBuilder(
                                java,
                                "-Xmx256m",
                                "-XX:+UseSerialGC",
                                "-XX:+ExitOnOutOfMemoryError",
                                "-Djava.io.tmpdir=" + temporary,
                                "-jar",
                                System.getProperty("dynamo.jar"),
                                "--id=n" + (node + 1),
                                "--config=" + folder.resolve("nodes.json"),
                                "--data_dir=" + folder.resolve("n" + (node + 1)),
                                "--fault-injection=true")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                        .start());
    }

    void startAll() throws IOException {
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
        return processes.get(node) != null && processes.get(node).isAlive();
    }

    /** SIGKILL. */
    void kill(int node) throws InterruptedException {
        processes.get(node).destroyForcibly().waitFor(20, TimeUnit.SECONDS);
    }

    /** SIGSTOP or SIGCONT. */
    void signal(int node, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(processes.get(node).pid()))
                .start()
                .waitFor(10, TimeUnit.SECONDS);
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
        for (Process process : processes) {
            if (process != null) {
                process.destroyForcibly().onExit().join();
            }
        }
        http.close();
    }
}

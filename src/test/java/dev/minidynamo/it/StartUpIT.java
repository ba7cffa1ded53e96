package dev.minidynamo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Measures how soon a node answers, from the jar and with the start cache. It prints its figures;
 * what it asserts is processor time, which says the same on a machine that has other work.
 */
@Tag("soak")
class StartUpIT {

    private static final int STARTS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final List<String> JVM =
            List.of(
                    "-Xmx256m",
                    "-Xms32m",
                    "-XX:+UseSerialGC",
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:MetaspaceSize=64m",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-XX:-UsePerfData",
                    "--enable-native-access=ALL-UNNAMED");

    private static RealFolder folder;
    private static Path jar;
    private static HttpClient http;

    @BeforeAll
    static void copyTheJar() throws IOException {
        folder = RealFolder.create();
        jar = folder.path().resolve("mini-dynamo.jar");
        Files.copy(RealProcess.jar(), jar);
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void end() throws IOException {
        http.shutdownNow();
        folder.remove();
    }

    /** How long it took until the node answered, and how much of the processors. */
    private record Start(Duration wall, Duration processor) {

        @Override
        public String toString() {
            return "%.2f s, %.2f s of processor time"
                    .formatted(wall.toMillis() / 1e3, processor.toMillis() / 1e3);
        }
    }

    @Test
    void theCacheThatTheAgentMakesAtItsFirstRunIsUsedByTheNextStarts() throws Exception {
        Start plain = best(List.of("-jar", jar.toString()));
        letAnAgentMakeTheCache();
        Path unpacked = cache().getParent().resolve("mini-dynamo.jar");
        Start cached = best(List.of("-XX:AOTCache=" + cache(), "-jar", unpacked.toString()));

        System.out.printf("start from the jar: %s%nstart with the cache: %s%n", plain, cached);
        assertThat(cached.processor()).isLessThan(plain.processor().multipliedBy(3).dividedBy(4));
    }

    /** One command starts a cluster; then its node is restarted, as by the dashboard's button. */
    private static void letAnAgentMakeTheCache() throws Exception {
        List<Integer> ports = RealFolder.freePorts(2);
        nodesJson(ports.getFirst());
        String dashboard = "http://127.0.0.1:" + ports.getLast();
        Process agent =
                start(
                        "agent.log",
                        List.of("-jar", jar.toString()),
                        List.of("--listen=127.0.0.1:" + ports.getLast()));
        try {
            await().atMost(PATIENCE).until(() -> answers("http://127.0.0.1:" + ports.getFirst()));
            assertThat(usesCache(agent)).isFalse();
            await().atMost(PATIENCE).until(() -> ready());
            HttpRequest restart =
                    HttpRequest.newBuilder(URI.create(dashboard + "/control/nodes/n1/restart"))
                            .header("Origin", dashboard)
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build();
            long began = System.nanoTime();
            int status = http.send(restart, HttpResponse.BodyHandlers.discarding()).statusCode();
            assertThat(status).isLessThan(400);
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> answers("http://127.0.0.1:" + ports.getFirst()));
            System.out.printf(
                    "restart from the dashboard: %.2f s%n", (System.nanoTime() - began) / 1e9);
            assertThat(usesCache(agent)).isTrue();
        } finally {
            agent.destroy();
            agent.waitFor();
        }
    }

    private static boolean ready() throws IOException {
        return Files.exists(folder.path().resolve("mini-dynamo.jar.start"))
                && files().anyMatch(file -> file.endsWith("start.aot"));
    }

    private static Path cache() throws IOException {
        return files().filter(file -> file.endsWith("start.aot")).findFirst().orElseThrow();
    }

    private static Stream<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.path().resolve("mini-dynamo.jar.start"))) {
            return all.toList().stream();
        }
    }

    private static boolean usesCache(Process agent) {
        return agent.children()
                .filter(child -> RealProcess.isOfNode(child, "n1"))
                .anyMatch(child -> child.info().commandLine().orElse("").contains("-XX:AOTCache="));
    }

    private static Start best(List<String> program) throws Exception {
        List<Start> starts = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            starts.add(once(program));
        }
        return starts.stream().min(Comparator.comparing(Start::processor)).orElseThrow();
    }

    private static Start once(List<String> program) throws Exception {
        int port = RealFolder.freePorts(1).getFirst();
        nodesJson(port);
        long began = System.nanoTime();
        Process node = start("node.log", program, List.of("--id=n1"));
        try {
            await().atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> answers("http://127.0.0.1:" + port));
            Duration wall = Duration.ofNanos(System.nanoTime() - began);
            return new Start(wall, node.info().totalCpuDuration().orElseThrow());
        } finally {
            node.destroyForcibly();
            node.waitFor();
        }
    }

    private static boolean answers(String base) throws InterruptedException {
        HttpRequest health = HttpRequest.newBuilder(URI.create(base + "/health")).build();
        try {
            return http.send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static void nodesJson(int port) {
        folder.write("nodes.json", new ClusterPlan(1).nodesJson(Map.of("n1", port)));
    }

    private static Process start(String log, List<String> program, List<String> flags)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(RealProcess.java()));
        command.addAll(JVM);
        command.addAll(program);
        command.addAll(flags);
        command.add("--config=" + folder.path().resolve("nodes.json"));
        command.add("--data-dir=" + folder.path().resolve("data-of-" + log));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.path().resolve(log).toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("DYNAMO_"));
        return builder.start();
    }
}

package dev.minidynamo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An agent that is stopped while it makes the start cache in the background, as by {@code docker
 * compose down} in its first half minute.
 */
class RehearsalIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private RealFolder folder;
    private Path temporary;
    private RealProcess agent;

    @BeforeEach
    void startAnAgentOfANewJar() throws IOException {
        folder = RealFolder.create();
        temporary = Files.createDirectory(folder.path().resolve("tmp"));
        Path jar = Files.copy(RealProcess.jar(), folder.path().resolve("mini-dynamo.jar"));
        List<Integer> ports = RealFolder.freePorts(2);
        String cluster = new ClusterPlan(1).nodesJson(Map.of("n1", ports.getFirst()));
        folder.write("nodes.json", cluster);
        agent =
                RealProcess.start(
                        List.of("-Xmx256m"),
                        List.of("-jar", jar.toString()),
                        List.of(
                                "--listen=127.0.0.1:" + ports.getLast(),
                                "--config=" + folder.path().resolve("nodes.json"),
                                "--data-dir=" + folder.path().resolve("data")),
                        Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary),
                        folder.path().resolve("agent.log"));
    }

    @AfterEach
    void end() throws IOException {
        agent.handle().descendants().forEach(ProcessHandle::destroyForcibly);
        agent.kill();
        folder.remove();
    }

    @Test
    void theRehearsalEndsWithItsAgentAndLeavesNothing() throws Exception {
        await().atMost(PATIENCE).until(() -> started().anyMatch(RehearsalIT::rehearses));
        List<ProcessHandle> started = started().toList();

        agent.handle().destroy();

        agent.handle().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(started).noneMatch(ProcessHandle::isAlive);
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
    }

    private Stream<ProcessHandle> started() {
        return agent.handle().descendants();
    }

    private static boolean rehearses(ProcessHandle handle) {
        return handle.info().arguments().stream()
                .flatMap(Arrays::stream)
                .anyMatch(argument -> argument.startsWith("-XX:AOTCacheOutput="));
    }
}

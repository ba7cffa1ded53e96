package dev.minidynamo.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What is left of the nodes when their agent is killed outright: nothing. */
class OrphanTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    /** Stands in for an agent: starts a process, prints its pid, and waits. */
    public static final class SmallAgent {

        private SmallAgent() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            Process node = new Spawner().spawn(List.of("sleep", "600"));
            System.out.println(node.pid());
            node.waitFor();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNodeDiesWithItsAgentEvenWhileItIsPaused(boolean paused) throws IOException {
        assumeFalse(Signals.diesWithParent().isEmpty(), "setpriv and setsid are needed for this");
        Process agent =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                SmallAgent.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try {
            ProcessHandle node = ProcessHandle.of(firstNumber(agent)).orElseThrow();
            await().atMost(SOON).until(() -> runsItsProgram(node));
            if (paused) {
                Signals.send("STOP", node.pid());
                await().atMost(SOON).until(() -> Signals.stopped(node.pid()).orElse(false));
            }
            assertThat(node.isAlive()).isTrue();

            agent.destroyForcibly();

            await().atMost(SOON).until(() -> !node.isAlive());
        } finally {
            agent.destroyForcibly();
        }
    }

    /** Whether the helpers that start a node have given way to its own program. */
    private static boolean runsItsProgram(ProcessHandle node) {
        return node.info().command().orElse("").endsWith("sleep");
    }

    @Test
    void theInputOfANodeIsAPipeThatItCanWatch() throws IOException {
        Process node = new Spawner().spawn(List.of("cat"));
        try {
            node.getOutputStream().close();
            await().atMost(SOON).until(() -> !node.isAlive());
        } finally {
            node.destroyForcibly();
        }
    }

    private static long firstNumber(Process process) throws IOException {
        BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return Long.parseLong(lines.readLine());
    }
}

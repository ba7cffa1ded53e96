package dev.minidynamo.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.minidynamo.app.JavaHomes.JavaHome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Starts the packaged jar on a Java that is too old, where this machine has one. What the launcher
 * passes on is seen through a stand-in for the newer Java, a shell script.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-ins are shell scripts")
class LauncherIT {

    private static final int OLDEST_THAT_CAN_TELL = 17;

    @TempDir private Path folder;

    private Path oldJava;
    private Process launcher;

    @BeforeEach
    void findAnOldJava() {
        Optional<JavaHome> old =
                JavaHomes.of(System.getenv(), Path.of(System.getProperty("user.home")))
                        .installed()
                        .stream()
                        .filter(home -> home.feature() >= OLDEST_THAT_CAN_TELL)
                        .filter(home -> home.feature() < Launcher.NEEDED_JAVA)
                        .findFirst();
        assumeThat(old).as("a Java from 17 to 24 on this machine").isPresent();
        oldJava = old.orElseThrow().executable();
    }

    @AfterEach
    void endTheLauncher() {
        if (launcher != null) {
            launcher.destroyForcibly();
        }
    }

    @Test
    void theProgramRunsOnTheJavaThatItFinds() throws Exception {
        launch(Path.of(System.getProperty("java.home")), "--help");

        assertThat(output()).contains("Usage");
        assertThat(exitStatus()).isZero();
    }

    @Test
    void theExitStatusAndTheArgumentsArePassedOn() throws Exception {
        launch(standIn("printf '<%s>' \"$@\"; exit 7"), "put", "a key", "");

        assertThat(output())
                .startsWith("<-Dgreeting=good day>")
                .endsWith("<-jar><" + System.getProperty("dynamo.jar") + "><put><a key><>");
        assertThat(exitStatus()).isEqualTo(7);
    }

    @Test
    void aSignalToTheLauncherEndsTheProgramInItsOwnTime() throws Exception {
        Path ended = folder.resolve("ended");
        launch(
                standIn(
                        "trap 'sleep 1; touch %s; exit 0' TERM; echo ready; while :; do sleep 0.1; done"
                                .formatted(ended)));
        assertThat(launcher.inputReader().readLine()).isEqualTo("ready");

        launcher.destroy();

        exitStatus();
        assertThat(ended).exists();
    }

    private void launch(Path javaHome, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                oldJava.toString(),
                                "-Dgreeting=good day",
                                "-jar",
                                System.getProperty("dynamo.jar")));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(Map.of("JAVA_HOME", javaHome.toString()));
        launcher = builder.start();
    }

    private String output() throws IOException {
        return new String(launcher.getInputStream().readAllBytes());
    }

    private int exitStatus() throws InterruptedException {
        assertThat(launcher.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return launcher.exitValue();
    }

    private Path standIn(String script) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
        Path java = Files.writeString(bin.resolve("java"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.3\"\n");
        return folder.resolve("jdk");
    }
}

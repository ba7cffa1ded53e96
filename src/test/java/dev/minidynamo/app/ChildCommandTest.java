package dev.minidynamo.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class ChildCommandTest {

    @Test
    void aJarIsRunAsAJar() {
        assertThat(
                        ChildCommand.program(
                                "/jdk/bin/java", List.of("-Xmx1m"), "target/mini-dynamo.jar"))
                .containsExactly("/jdk/bin/java", "-Xmx1m", "-jar", "target/mini-dynamo.jar");
    }

    @Test
    void aClassPathGoesThroughAFileBecauseItMayBeLong() throws IOException {
        List<String> command = ChildCommand.program("java", List.of(), "/a b/classes:/lib/x.jar");
        assertThat(command).hasSize(3).last().isEqualTo("dev.minidynamo.app.MiniDynamo");
        Path file = Path.of(command.get(1).substring(1));
        assertThat(command.get(1)).startsWith("@");
        assertThat(Files.readString(file)).isEqualTo("-cp \"/a b/classes:/lib/x.jar\"\n");
    }

    @Test
    void fewProcessorsGetTheSerialCollector() {
        assertThat(ChildCommand.jvmFlags("256m", 2)).contains("-Xmx256m", "-XX:+UseSerialGC");
        assertThat(ChildCommand.jvmFlags("1g", 16)).contains("-Xmx1g", "-XX:+UseG1GC");
    }

    /** P12, with {@code HeapIT}, which shows what the flag does. */
    @Test
    void aNodeWhoseHeapIsExhaustedEnds() {
        assertThat(ChildCommand.jvmFlags("256m", 2)).contains("-XX:+ExitOnOutOfMemoryError");
    }
}

package dev.minidynamo.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Calls the program: arguments in, exit status and words out. */
abstract class CommandLineFixture {

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    @TempDir Path folder;

    int run(String... arguments) {
        CommandLine line = RootCommand.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(Spelling.normalise(arguments));
    }

    String cluster(String address) throws IOException {
        return write("{\"id\":\"n1\",\"addr\":\"%s\"}".formatted(address));
    }

    String cluster(String address, String agent) throws IOException {
        return write("{\"id\":\"n1\",\"addr\":\"%s\",\"agent\":\"%s\"}".formatted(address, agent));
    }

    String write(String node) throws IOException {
        Path file = folder.resolve("nodes.json");
        Files.writeString(
                file, "{\"nodes\":[%s],\"vnodes\":1,\"n\":1,\"r\":1,\"w\":1}".formatted(node));
        return "--config=" + file;
    }

    void assertOneSentence(String sentence) {
        assertThat(err.toString()).isEqualTo("mini-dynamo: " + sentence + System.lineSeparator());
    }
}

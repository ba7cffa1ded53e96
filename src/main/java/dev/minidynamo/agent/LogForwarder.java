package dev.minidynamo.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Hands a process's output on, line by line, until it ends. */
final class LogForwarder implements Runnable {

    private final InputStream output;
    private final Consumer<String> sink;

    LogForwarder(InputStream output, Consumer<String> sink) {
        this.output = output;
        this.sink = sink;
    }

    @Override
    public void run() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                sink.accept(line);
            }
        } catch (IOException e) {
            sink.accept("(its output ended: " + e.getMessage() + ")");
        }
    }
}

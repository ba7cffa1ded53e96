package dev.minidynamo.app.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The flags that reads and writes share. */
final class QuorumOptions {

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "strict: only the key's own replicas count; sloppy: stand-ins count too.")
    @Nullable String mode;

    Map<String, @Nullable String> parameters() {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("mode", mode);
        return Collections.unmodifiableMap(parameters);
    }
}

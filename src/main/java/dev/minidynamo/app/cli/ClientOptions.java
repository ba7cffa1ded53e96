package dev.minidynamo.app.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;

/** The flags of every client command. */
class ClientOptions {

    @Option(
            names = "--url",
            split = ",",
            paramLabel = "URL",
            description =
                    "A node to ask; the next one is asked when it cannot be reached"
                            + " (${DEFAULT-VALUE}).",
            defaultValue = "http://localhost:9001")
    List<String> urls = new ArrayList<>();

    @Option(names = "--json", description = "Answer in JSON.")
    boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "How long to wait for an answer (${DEFAULT-VALUE}).")
    String timeout = "10s";

    /** The bearer token; which one it is, each command says by a flag of its own. */
    @Nullable String token;
}

package dev.minidynamo.app.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/** The flags of every client command that reads or writes keys. */
final class KeyOptions extends ClientOptions {

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:DYNAMO_API_TOKEN}",
            description = "The bearer token (environment DYNAMO_API_TOKEN).")
    void token(@Nullable String given) {
        token = given;
    }
}

package dev.minidynamo.app.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/** The token of the commands that look inside nodes or steer them. */
final class SecretToken {

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:DYNAMO_SECRET}",
            description = "The secret as a bearer token (environment DYNAMO_SECRET).")
    @Nullable String value;
}

package dev.minidynamo.app;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/** The flags of every command that serves a dashboard. */
@SuppressWarnings("UnusedVariable") // they are read from picocli's result, see Flags
final class DashboardFlags {

    @Option(
            names = "--read-only",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Let the dashboard show everything and change nothing (false).")
    private @Nullable String readOnly;
}

package dev.minidynamo.app;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code console}: the dashboard alone. */
@Command(
        name = "console",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        description = {"Runs the dashboard alone, steering the agents that nodes.json names.", ""})
@SuppressWarnings("UnusedVariable") // the flags are read from picocli's result, see Flags
final class ConsoleCommand implements Callable<Integer> {

    @Option(names = "--config", paramLabel = "FILE", description = "The cluster (nodes.json).")
    private @Nullable String config;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where the dashboard listens (127.0.0.1:8080).")
    private @Nullable String listen;

    @Option(
            names = "--insecure",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Listen to the network and ask nobody for the secret (false).")
    private @Nullable String insecure;

    @Option(
            names = "--tls",
            paramLabel = "BUNDLE",
            description = "The SSL bundle of Spring's with which to speak TLS (none).")
    private @Nullable String tls;

    @Mixin private final DashboardFlags dashboard = new DashboardFlags();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        new ConsoleRole(Flags.of(Objects.requireNonNull(spec))).run();
        return MiniDynamo.RUNNING;
    }
}

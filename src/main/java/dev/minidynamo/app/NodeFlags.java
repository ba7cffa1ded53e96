package dev.minidynamo.app;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/**
 * The flags that a node takes, and that an agent passes on to its nodes.
 *
 * <p>They are kept as text: {@link Options} reads them together with the environment and
 * application.yaml.
 */
@SuppressWarnings("unused") // picocli fills the fields, and the values are read from its result
final class NodeFlags {

    @Option(names = "--config", paramLabel = "FILE", description = "The cluster (nodes.json).")
    private @Nullable String config;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description =
                    "Where to listen (the address of nodes.json; the dashboard: 127.0.0.1:8080).")
    private @Nullable String listen;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "Where the data is kept (data/ID; for a whole cluster: the folder above).")
    private @Nullable String dataDir;

    @Option(
            names = "--snap-interval",
            paramLabel = "TIME",
            description =
                    "Time between two index snapshots (none: when the log has grown by 64 MiB).")
    private @Nullable String snapInterval;

    @Option(
            names = "--ae",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Whether replicas are compared in the background (true).")
    private @Nullable String ae;

    @Option(
            names = "--ae-interval",
            paramLabel = "TIME",
            description = "Time between two comparisons (5s).")
    private @Nullable String aeInterval;

    @Option(
            names = "--ae-max",
            paramLabel = "KEYS",
            description = "The most keys that one comparison transfers (20000).")
    private @Nullable String aeMax;

    @Option(
            names = "--sync",
            paramLabel = "MODE",
            description = "When a write is forced to disk: always, interval(100ms) or os (always).")
    private @Nullable String sync;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description =
                    "Whether fallbacks stand in for dead replicas: sloppy or strict (sloppy).")
    private @Nullable String mode;

    @Option(
            names = "--hints",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Whether missed writes are kept for their replicas (true).")
    private @Nullable String hints;

    @Option(
            names = "--fault-injection",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Whether links may be cut and slowed (true for a whole cluster, else false).")
    private @Nullable String faultInjection;

    @Option(
            names = "--start-cache",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Whether an agent makes, beside the jar, what lets later starts be fast"
                            + " (true).")
    private @Nullable String startCache;

    @Option(
            names = "--tls",
            paramLabel = "BUNDLE",
            description = "The SSL bundle of Spring's with which to speak TLS (none).")
    private @Nullable String tls;

    @Option(
            names = "--tls-client-auth",
            paramLabel = "none|need",
            description = "Whether callers must show a certificate too (none).")
    private @Nullable String tlsClientAuth;

    @Option(
            names = "--insecure",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Listen to the network even though no secret is set (false).")
    private @Nullable String insecure;
}

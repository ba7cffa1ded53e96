package dev.minidynamo.app;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What one node was started with, checked.
 *
 * @param listen where its HTTP server listens; peers use the address of nodes.json
 * @param sloppy whether fallbacks stand in for dead primaries
 * @param faultInjection whether the node takes rules that cut and slow its links
 */
public record NodeSettings(
        NodeId id,
        ClusterConfig cluster,
        HostPort listen,
        Storage storage,
        Repair repair,
        Access access,
        boolean sloppy,
        boolean faultInjection) {

    private static final int MAX_VALUE_BYTES = 1 << 20;
    private static final String DEFAULT_HEAP = "256m";
    private static final Duration AE_INTERVAL = Duration.ofSeconds(5);
    private static final int AE_MAX = 20_000;
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(10);

    /**
     * The disk.
     *
     * @param syncInterval null: every write is forced before it is acknowledged; zero: the
     *     operating system decides; else the time between two forces
     * @param snapInterval time after which the index is written down if anything was written, or
     *     null to go by the growth of the log alone
     * @param maxValueBytes the longest value
     */
    public record Storage(
            Path dataDir,
            @Nullable Duration syncInterval,
            @Nullable Duration snapInterval,
            int maxValueBytes) {}

    /**
     * What brings replicas together again.
     *
     * @param antiEntropy whether the node compares itself with its peers in the background
     * @param interval time between two comparisons
     * @param maxPerRound the most keys that one comparison transfers
     * @param hints whether missed writes are kept for their replicas
     */
    public record Repair(boolean antiEntropy, Duration interval, int maxPerRound, boolean hints) {}

    /**
     * Who may talk to the node.
     *
     * @param secret the bearer token of nodes, agents and administrators, or null
     * @param apiToken the bearer token of clients, or null
     */
    public record Access(@Nullable String secret, @Nullable String apiToken, boolean insecure) {

        static Access read(Options options) {
            return new Access(
                    token("secret", options),
                    token("api-token", options),
                    options.flag("insecure", false));
        }

        /** A token that a header can carry; a sentence about another one does not show it. */
        private static @Nullable String token(String name, Options options) {
            String token = options.textOrNull(name);
            if (token != null && !token.matches("\\p{Print}+")) {
                throw new StartRefused(
                        StartRefused.USAGE,
                        name
                                + " has a character that a header cannot carry; accepted are the"
                                + " printable ones of ASCII.");
            }
            return token;
        }

        /**
         * Refuses to listen to the network without a secret.
         *
         * @throws StartRefused if the address is not loopback, there is no secret, and that was not
         *     asked for
         */
        void requireFor(HostPort listen) {
            if (secret == null && !insecure && !listen.loopback()) {
                throw new StartRefused(
                        StartRefused.USAGE,
                        "listen is \""
                                + listen
                                + "\", which others can reach; set DYNAMO_SECRET, listen on"
                                + " 127.0.0.1, or give --insecure.");
            }
        }

        /** Everything but the secrets. */
        @Override
        public String toString() {
            return "Access[secret="
                    + (secret == null ? "none" : "set")
                    + ", apiToken="
                    + (apiToken == null ? "none" : "set")
                    + "]";
        }
    }

    /**
     * Reads the options of one node.
     *
     * @throws StartRefused with a sentence if one of them is wrong
     */
    static NodeSettings read(Options options, ClusterConfig cluster) {
        ClusterConfig.Member member = member("id", options, cluster);
        HostPort listen = options.hostPort("listen", member.address());
        Access access = Access.read(options);
        access.requireFor(listen);
        checkThoseOfOthers(options);
        return new NodeSettings(
                member.id(),
                cluster,
                listen,
                storage(options, member.id()),
                repair(options),
                access,
                oneOf(options, "mode", "sloppy", "strict").equals("sloppy"),
                options.flag("fault-injection", false));
    }

    /** What only an agent or a dashboard uses: a wrong value is told to whoever gives it. */
    private static void checkThoseOfOthers(Options options) {
        String _ = heap(options);
        boolean _ = options.flag("start-cache", true);
        boolean _ = options.flag("read-only", false);
    }

    /** The heap of each node that an agent starts, as {@code -Xmx} takes it. */
    static String heap(Options options) {
        String heap = options.text("heap", DEFAULT_HEAP);
        if (!heap.matches("[1-9]\\d*[kKmMgG]")) {
            throw StartRefused.value("heap", heap, "a size such as 256m or 1g");
        }
        return heap;
    }

    /** Reads nodes.json, wherever the options say it is. */
    static ClusterConfig cluster(Options options) {
        return NodesFile.read(Path.of(options.text("config", "nodes.json")), options);
    }

    /**
     * The node that the option {@code id} names.
     *
     * @param flag by which it was given
     */
    static ClusterConfig.Member member(String flag, Options options, ClusterConfig cluster) {
        String id = options.text("id", "");
        return cluster.nodes().stream()
                .filter(node -> node.id().value().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        StartRefused.value(flag, id, "one of " + cluster.ids() + " of nodes.json"));
    }

    private static Storage storage(Options options, NodeId id) {
        return new Storage(
                Path.of(options.text("data-dir", "data/" + id)),
                syncInterval(options),
                options.textOrNull("snap-interval") == null
                        ? null
                        : options.duration("snap-interval", SHORTEST_INTERVAL, SHORTEST_INTERVAL),
                options.whole("max-value-bytes", MAX_VALUE_BYTES, 1, 7 << 20));
    }

    private static @Nullable Duration syncInterval(Options options) {
        String sync = options.text("sync", "always");
        if (sync.equals("always")) {
            return null;
        }
        if (sync.equals("os")) {
            return Duration.ZERO;
        }
        if (sync.startsWith("interval(") && sync.endsWith(")")) {
            String inner = sync.substring("interval(".length(), sync.length() - 1);
            try {
                Duration interval = Durations.parse(inner);
                if (interval.toMillis() > 0) {
                    return interval;
                }
            } catch (IllegalArgumentException e) {
                throw StartRefused.value("sync", sync, "always, interval(100ms) or os");
            }
        }
        throw StartRefused.value("sync", sync, "always, interval(100ms) or os");
    }

    private static Repair repair(Options options) {
        return new Repair(
                options.flag("ae", true),
                options.duration("ae-interval", AE_INTERVAL, SHORTEST_INTERVAL),
                options.whole("ae-max", AE_MAX, 1, Integer.MAX_VALUE),
                options.flag("hints", true));
    }

    private static String oneOf(Options options, String name, String first, String second) {
        String value = options.text(name, first);
        if (!value.equals(first) && !value.equals(second)) {
            throw StartRefused.value(name, value, first + " or " + second);
        }
        return value;
    }
}

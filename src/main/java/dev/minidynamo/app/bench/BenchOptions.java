package dev.minidynamo.app.bench;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * What to measure.
 *
 * @param targets base addresses; each client asks them in turn
 * @param keys keys that exist before the measurement
 * @param connections clients, each with one request under way
 * @param rate requests a second over all clients (open loop), or 0 for as fast as answers come
 *     (closed loop)
 * @param threads selector threads
 * @param load whether to store all keys first
 * @param token a bearer token, or null
 */
public record BenchOptions(
        List<URI> targets,
        Workload workload,
        int keys,
        int valueBytes,
        int connections,
        int threads,
        Duration warmUp,
        Duration duration,
        Duration timeout,
        double rate,
        boolean load,
        @Nullable String token) {

    /** The same, with the keys already there. */
    public BenchOptions withoutLoad() {
        return new BenchOptions(
                targets,
                workload,
                keys,
                valueBytes,
                connections,
                threads,
                warmUp,
                duration,
                timeout,
                rate,
                false,
                token);
    }
}

package dev.minidynamo.api;

import dev.minidynamo.coordinator.Mode;

import org.jspecify.annotations.Nullable;

/**
 * What the HTTP face of a node may be told by its properties.
 *
 * @param maxValueBytes the longest value that may be put
 * @param defaultTimeoutMillis of an operation that names none
 * @param defaultMode of an operation that names none
 * @param secret bearer token for {@code /internal}, {@code /debug} and {@code /admin}, or null
 * @param apiToken bearer token for {@code /kv}, or null
 */
public record ApiOptions(
        int maxValueBytes,
        int defaultTimeoutMillis,
        Mode defaultMode,
        @Nullable String secret,
        @Nullable String apiToken) {

    /** Values up to 1 MiB, two seconds, sloppy, no tokens. */
    public static ApiOptions defaults() {
        return new ApiOptions(1 << 20, 2000, Mode.SLOPPY, null, null);
    }
}

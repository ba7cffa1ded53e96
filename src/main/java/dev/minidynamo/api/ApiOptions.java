package dev.minidynamo.api;

import dev.minidynamo.coordinator.Mode;

import org.jspecify.annotations.Nullable;

/**
 * What the HTTP face of a node may be told by its properties.
 *
 * @param maxValueBytes the longest value that may be put
 * @param maxOperations gets, puts and deletes under way at one time; more are turned away
 * @param maxBodyBytes bytes of the values that are being put at one time; more are turned away
 * @param defaultTimeoutMillis of an operation that names none
 * @param defaultMode of an operation that names none
 * @param secret bearer token for {@code /internal}, {@code /debug} and {@code /admin}, or null
 * @param apiToken bearer token for {@code /kv}, or null
 */
public record ApiOptions(
        int maxValueBytes,
        int maxOperations,
        long maxBodyBytes,
        int defaultTimeoutMillis,
        Mode defaultMode,
        @Nullable String secret,
        @Nullable String apiToken) {

    private static final int DEFAULT_OPERATIONS = 512;

    /** Values up to 1 MiB, an eighth of the memory for them, two seconds, sloppy, no tokens. */
    public static ApiOptions defaults() {
        long eighth = Runtime.getRuntime().maxMemory() / 8;
        return new ApiOptions(1 << 20, DEFAULT_OPERATIONS, eighth, 2000, Mode.SLOPPY, null, null);
    }

    public ApiOptions withMaxValueBytes(int bytes) {
        return new ApiOptions(
                bytes,
                maxOperations,
                Math.max(maxBodyBytes, bytes),
                defaultTimeoutMillis,
                defaultMode,
                secret,
                apiToken);
    }

    public ApiOptions withBounds(int operations, long bodyBytes) {
        return new ApiOptions(
                maxValueBytes,
                operations,
                bodyBytes,
                defaultTimeoutMillis,
                defaultMode,
                secret,
                apiToken);
    }

    public ApiOptions withDefaults(int timeoutMillis, Mode mode) {
        return new ApiOptions(
                maxValueBytes, maxOperations, maxBodyBytes, timeoutMillis, mode, secret, apiToken);
    }

    public ApiOptions withTokens(@Nullable String secret, @Nullable String apiToken) {
        return new ApiOptions(
                maxValueBytes,
                maxOperations,
                maxBodyBytes,
                defaultTimeoutMillis,
                defaultMode,
                secret,
                apiToken);
    }
}

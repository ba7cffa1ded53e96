package dev.minidynamo.api;

import dev.minidynamo.coordinator.Mode;
import dev.minidynamo.coordinator.OperationOptions;

import org.jspecify.annotations.Nullable;

/**
 * What the HTTP face of a node may be told by its properties.
 *
 * @param bounds what it takes on
 * @param defaultTimeoutMillis of an operation that names none
 * @param defaultMode of an operation that names none
 * @param secret bearer token for {@code /internal}, {@code /debug} and {@code /admin}, or null
 * @param apiToken bearer token for {@code /kv}, or null
 */
public record ApiOptions(
        Bounds bounds,
        int defaultTimeoutMillis,
        Mode defaultMode,
        @Nullable String secret,
        @Nullable String apiToken) {

    /** How long an operation may take that names no time of its own. */
    public static final int DEFAULT_TIMEOUT_MILLIS = 2_000;

    /** Default bounds, two seconds, sloppy, no tokens. */
    public static ApiOptions defaults() {
        return new ApiOptions(
                Bounds.ofValues(1 << 20), DEFAULT_TIMEOUT_MILLIS, Mode.SLOPPY, null, null);
    }

    /** An operation that asks for nothing of its own but a quorum. */
    OperationOptions operation(int quorum) {
        return new OperationOptions(quorum, defaultMode, defaultTimeoutMillis);
    }

    /**
     * What a node takes on for its clients; more is turned away.
     *
     * @param valueBytes the longest value that may be put
     * @param operations gets, puts, deletes and lists under way at one time
     * @param bodyBytes bytes of the values that are being put at one time
     * @param headMillis from the first byte of a request to the end of its headers
     */
    public record Bounds(int valueBytes, int operations, long bodyBytes, int headMillis) {

        private static final int OPERATIONS = 512;
        private static final int HEAD_MILLIS = 20_000;

        /** For values of this length: 512 operations, and an eighth of the memory for values. */
        public static Bounds ofValues(int valueBytes) {
            long eighth = Runtime.getRuntime().maxMemory() / 8;
            return new Bounds(valueBytes, OPERATIONS, Math.max(eighth, valueBytes), HEAD_MILLIS);
        }
    }
}

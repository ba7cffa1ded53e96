package dev.minidynamo.runtime;

import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLContext;

/**
 * Limits of {@link HttpTransport}.
 *
 * @param connectTimeoutMillis how long a connection may take to be made
 * @param maxBatchItems most requests in one POST
 * @param maxBatchBytes about how long a POST may get; a longer request goes alone
 * @param maxQueueBytes what may wait for one lane of one peer
 * @param maxResponseBytes the longest answer that is read
 * @param secret bearer token shown to peers, or null
 * @param tls keys and authorities for connections to peers, or null for connections in the clear
 */
public record TransportOptions(
        int connectTimeoutMillis,
        int maxBatchItems,
        int maxBatchBytes,
        long maxQueueBytes,
        int maxResponseBytes,
        @Nullable String secret,
        @Nullable SSLContext tls) {

    /** What suits nodes of one site. */
    public static TransportOptions defaults() {
        return new TransportOptions(1000, 256, 4 << 20, 32 << 20, 96 << 20, null, null);
    }

    public TransportOptions withSecret(@Nullable String token) {
        return new TransportOptions(
                connectTimeoutMillis,
                maxBatchItems,
                maxBatchBytes,
                maxQueueBytes,
                maxResponseBytes,
                token,
                tls);
    }

    public TransportOptions withTls(@Nullable SSLContext context) {
        return new TransportOptions(
                connectTimeoutMillis,
                maxBatchItems,
                maxBatchBytes,
                maxQueueBytes,
                maxResponseBytes,
                secret,
                context);
    }
}

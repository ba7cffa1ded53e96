package dev.minidynamo.coordinator;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Version;

/**
 * What a client puts.
 *
 * @param bytes not to be modified afterwards
 * @param contentType the media type to answer reads with
 * @param ttlMillis after which the value is gone, counted from its time of writing; 0 if it stays
 */
public record Value(byte[] bytes, String contentType, long ttlMillis) {

    /**
     * The cell that is stored. Its expiry goes by its timestamp and not by this node's clock, which
     * may have jumped back: a value that had expired before it was written could be reaped while
     * something older is still under way (P7).
     */
    Cell.Live cell(Version version) {
        long expiresAtMillis = ttlMillis == 0 ? Cell.NEVER : version.wallMillis() + ttlMillis;
        return new Cell.Live(version, bytes, contentType, expiresAtMillis);
    }
}

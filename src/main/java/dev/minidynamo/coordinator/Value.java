package dev.minidynamo.coordinator;

/**
 * What a client puts.
 *
 * @param bytes not to be modified afterwards
 * @param contentType the media type to answer reads with
 * @param expiresAtMillis absolute expiry, milliseconds since 1970, or {@link
 *     dev.minidynamo.model.Cell#NEVER}
 */
public record Value(byte[] bytes, String contentType, long expiresAtMillis) {}

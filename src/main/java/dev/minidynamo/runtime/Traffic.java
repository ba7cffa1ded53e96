package dev.minidynamo.runtime;

/**
 * What has gone to a peer since the start, and what waits to.
 *
 * @param batches POSTs that were answered
 * @param requests carried by them
 * @param sentBytes of their bodies
 * @param receivedBytes of the bodies of their answers
 * @param queuedBytes that wait to be sent
 */
public record Traffic(
        long batches, long requests, long sentBytes, long receivedBytes, long queuedBytes) {

    /** Nothing yet. */
    public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0);

    Traffic plus(Traffic other) {
        return new Traffic(
                batches + other.batches,
                requests + other.requests,
                sentBytes + other.sentBytes,
                receivedBytes + other.receivedBytes,
                queuedBytes + other.queuedBytes);
    }
}

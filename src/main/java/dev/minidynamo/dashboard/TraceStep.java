package dev.minidynamo.dashboard;

/**
 * One step of a request as it is replayed on the ring.
 *
 * @param kind {@code client}, {@code place}, {@code skip}, {@code ask}, {@code answer}, {@code
 *     lost}, {@code hint}, {@code pending} or {@code done}
 * @param from a node, or empty for the client
 * @param to a node, or empty for the client; the same node if nothing travels
 * @param atMicros since the request began
 * @param text the step in a sentence
 */
public record TraceStep(String kind, String from, String to, long atMicros, String text) {}

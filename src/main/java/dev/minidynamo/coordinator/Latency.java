package dev.minidynamo.coordinator;

/**
 * Latency over the last seconds.
 *
 * @param count of all operations since the start
 * @param p50Micros median
 * @param p99Micros 99th percentile
 */
public record Latency(long count, long p50Micros, long p99Micros) {}

package dev.minidynamo.node;

/**
 * Something worth telling an operator.
 *
 * @param sequence grows by one with each event of this process
 * @param atMillis wall-clock time
 * @param kind one word, for filters
 * @param text one sentence
 */
public record NodeEvent(long sequence, long atMillis, String kind, String text) {}

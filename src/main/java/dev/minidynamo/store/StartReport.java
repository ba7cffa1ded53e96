package dev.minidynamo.store;

import dev.minidynamo.wal.Recovery;

import java.util.List;

/**
 * What the last start found.
 *
 * @param millis how long it took
 * @param recovery what the log found
 * @param notes sentences for the operator
 */
public record StartReport(long millis, Recovery recovery, List<String> notes) {}

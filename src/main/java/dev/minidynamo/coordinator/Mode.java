package dev.minidynamo.coordinator;

/** Which nodes may stand for a key in one request. */
public enum Mode {
    /** Its N primaries alone. */
    STRICT,
    /** The first N healthy nodes of its preference list (Dynamo, SOSP 2007, §4.6). */
    SLOPPY
}

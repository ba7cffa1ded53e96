package dev.minidynamo.app.bench;

/** Where a run stands. */
enum Phase {
    /** Stores every key once. */
    LOAD,
    /** Works without counting. */
    WARM_UP,
    /** Works and counts. */
    MEASURE,
    /** Over. */
    STOP
}

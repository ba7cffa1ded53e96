package dev.minidynamo.hints;

/** What became of one target's hints since the start. */
final class TargetCounters {

    long stored;
    long delivered;
    long expired;
    long adopted;
    long overflowed;
    long setAside;
    long damaged;
    long refused;
    long failed;
    String lastProblem = "";
}

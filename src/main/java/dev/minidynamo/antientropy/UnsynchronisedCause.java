package dev.minidynamo.antientropy;

/** Why a node is not synchronised. */
enum UnsynchronisedCause {
    /** It is. */
    NONE,
    /** It started without data. */
    BLANK,
    /** It just started, and its peers have not told yet whether it lacks what it had. */
    UNCHECKED,
    /** It was away for longer than the grace of tombstones, or started from an old backup. */
    AWAY,
    /** Too much of its data could not be read. */
    DAMAGED
}

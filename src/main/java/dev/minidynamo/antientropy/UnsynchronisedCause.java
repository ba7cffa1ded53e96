package dev.minidynamo.antientropy;

/** Why a node is not synchronised. */
enum UnsynchronisedCause {
    /** It is. */
    NONE,
    /** It started without data. */
    BLANK,
    /** It was away for longer than the grace of tombstones. */
    AWAY,
    /** Too much of its data could not be read. */
    DAMAGED
}

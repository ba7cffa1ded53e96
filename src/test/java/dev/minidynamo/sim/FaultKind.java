package dev.minidynamo.sim;

/** The menu of faults, from which each seed takes a random subset (swarm testing). */
enum FaultKind {
    /** SIGKILL, and a restart after a while. */
    KILL,
    /** Power loss: what was not forced is lost, torn, reordered. */
    POWER_LOSS,
    /**
     * Power loss, or SIGKILL if {@code amount} is odd, at the disk operation that is so many
     * operations away.
     */
    CRASH_AT_DISK_OPERATION,
    /** All nodes lose power at once, and come back one after the other. */
    RESTART_STORM,
    /** SIGSTOP, SIGCONT after a while. */
    PAUSE,
    /** SIGSTOP for so long that the tombstone grace is over at SIGCONT. */
    LONG_PAUSE,
    /** All links of a node are cut. */
    ISOLATE,
    /** The link between two nodes is cut. */
    CUT,
    /** Messages of one direction are lost. */
    CUT_ONE_WAY,
    /** Those nodes whose bit is set in {@code amount} are cut off from the rest. */
    SPLIT,
    /** A link that goes and comes every {@code amount} milliseconds. */
    FLAP,
    /** {@code amount} of a hundred messages are lost, everywhere. */
    LOSS,
    /** {@code amount} of a hundred messages arrive twice, everywhere. */
    DUPLICATE,
    /** Messages of a link take {@code amount} milliseconds longer. */
    SLOW_LINK,
    /**
     * Half of a link's messages arrive {@code amount} milliseconds late, past the tombstone grace.
     */
    HOLD,
    /** The wall clock jumps by {@code amount} milliseconds and back after a while. */
    CLOCK_JUMP,
    /** The wall clock runs {@code amount} parts in a million too fast. */
    CLOCK_DRIFT,
    /** The wall clock stands still. */
    CLOCK_FREEZE,
    /** The wall clock steps forth and back by {@code amount} milliseconds, five times a second. */
    CLOCK_STEP,
    /** The wall clock is {@code amount} milliseconds behind when the process starts again. */
    CLOCK_BACK_AT_RESTART,
    /** No space is left but {@code amount} bytes. */
    DISK_FULL,
    /**
     * No space is left but {@code amount} bytes, and the process ends and starts again meanwhile.
     */
    FULL_RESTART,
    /** Every {@code amount}th read fails, which the store takes for the loss of the record. */
    READ_ERROR,
    /**
     * The change of the disk that is {@code amount} changes away fails: a write, a new file or
     * directory, a new length or name, a deletion.
     */
    WRITE_ERROR,
    /** The force that is {@code amount} forces away fails. */
    FORCE_ERROR,
    /** Each force takes {@code amount} milliseconds. */
    SLOW_DISK,
    /** One bit of a file flips; {@code amount} chooses it. */
    BIT_FLIP,
    /** A sector of a file cannot be read until it is written; {@code amount} chooses it. */
    UNREADABLE_SECTOR,
    /**
     * A block of a file is overwritten with another one's contents; {@code amount} chooses them.
     */
    MISPLACED_BLOCK,
    /** A write, {@code amount} writes away, lands elsewhere in its file and reports success. */
    MISDIRECTED_WRITE,
    /** A file is gone when the process starts again; {@code amount} chooses it. */
    LOST_FILE,
    /** The disk is replaced by an empty one. */
    WIPE,
    /** The disk is replaced by what it held {@code millis} ago. */
    OLD_BACKUP,
    /** The node runs for a while with a ring file of its own. */
    OTHER_RING,
    /** The node is away for longer than the tombstone grace. */
    LONG_ABSENCE,
    /** A snapshot and a compaction now. */
    COMPACT
}

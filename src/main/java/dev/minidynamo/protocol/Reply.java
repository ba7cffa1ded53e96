package dev.minidynamo.protocol;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The answer to a {@link Request}; an expected failure is an answer too, never an exception. */
public sealed interface Reply {

    /** Why a node that was reached did not do what it was asked. */
    enum Reason {
        DISK_FULL,
        CLOCK_AHEAD,
        NOT_SYNCHRONISED,
        RING_MISMATCH,
        OVERLOADED,
        STALE_MESSAGE,
        DEADLINE_PASSED,
        STORAGE_FAILED,
        UNREADABLE,
        UNSUPPORTED
    }

    /** Why no answer came from a node. */
    enum Failure {
        /** Never sent: the peer is known to be down, or its queue is full. */
        NOT_SENT,
        /** The connection could not be made, so the peer saw nothing. */
        UNREACHABLE,
        /** Sent, but no answer within the time. */
        TIMEOUT,
        /** Sent, but the connection or the answer was broken. */
        BROKEN
    }

    /** The cell, or one that supersedes it in a sloppy write, is durable. */
    record Written() implements Reply {}

    /** The replica durably holds this newer version. */
    record Superseded(Version current) implements Reply {}

    /** The cell that the replica holds, tombstones and expired cells included. */
    record Found(Cell cell) implements Reply {}

    /** The replica holds exactly the version that the asker knows. */
    record Same() implements Reply {}

    /** The replica holds nothing for the key. */
    record Missing() implements Reply {}

    /** The node was reached and did not do it. */
    record Refused(Reason reason, String detail) implements Reply {}

    /** No answer; made by the transport of the asker, never sent. */
    record Failed(Failure failure, String detail) implements Reply {}

    /**
     * The answer to a heartbeat.
     *
     * @param wallMillis the receiver's wall clock
     * @param synchronised whether its replica counts in read quorums
     * @param blankMillisAgo how long ago it was last without data and not synchronised, 0 if it is
     *     so now, -1 if never since its start
     * @param markSeen how far the asker's data reached when it told that last
     */
    record Pong(long wallMillis, boolean synchronised, long blankMillisAgo, DataMark markSeen)
            implements Reply {}

    /** Hashes of tree nodes in the order asked. */
    record Hashes(List<Long> hashes) implements Reply {}

    /**
     * One key in a hash-tree leaf.
     *
     * @param token the key's position on the ring
     * @param timestamp of the version held
     * @param hash of key, version and contents
     */
    record LeafEntry(long token, long timestamp, long hash) {}

    /** Entries of the leaves asked for, in token order. */
    record LeafEntries(List<LeafEntry> entries) implements Reply {}

    /** A key with its cell. */
    record KeyCell(Key key, Cell cell) {}

    /** Cells asked for by token; those that are gone are left out. */
    record Cells(List<KeyCell> cells) implements Reply {}

    /** For each tombstone asked about, whether it is confirmed. */
    record Confirmed(List<Boolean> confirmed) implements Reply {}

    /** Done, nothing to tell. */
    record Done() implements Reply {}

    /**
     * One key in a page.
     *
     * @param valueBytes the value's length, 0 for a tombstone
     * @param deadSinceMillis as {@link Cell#deadSinceMillis}
     */
    record PageEntry(Key key, Version version, int valueBytes, long deadSinceMillis) {}

    /**
     * A page of keys in key order.
     *
     * @param more whether the replica holds further keys of the prefix
     */
    record Page(List<PageEntry> entries, boolean more) implements Reply {}

    /** A hint held for a key. */
    record HeldHint(NodeId target, Version version, boolean tombstone, long ageMillis) {}

    /** What a node holds for a key: its own cell, if any, and hints. */
    record Inspected(@Nullable PageEntry own, boolean tombstone, List<HeldHint> hints)
            implements Reply {}
}

package dev.minidynamo.protocol;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What one node asks of another (or of itself, through the loopback). */
public sealed interface Request {

    /** Why a cell is written; decides which checks apply and how it is counted. */
    enum Cause {
        CLIENT,
        HINT,
        READ_REPAIR,
        ANTI_ENTROPY
    }

    /** A key with the version that the asker has in mind. */
    record KeyVersion(Key key, Version version) {}

    /**
     * Store a cell; answered by {@link Reply.Written}, {@link Reply.Superseded} or {@link
     * Reply.Refused} once that is durable.
     *
     * @param hintFor the primary for which the receiver keeps the cell as a hint instead of in its
     *     own store, or null
     */
    record Write(Key key, Cell cell, Cause cause, @Nullable NodeId hintFor) implements Request {}

    /**
     * Read a cell; answered by {@link Reply.Found}, {@link Reply.Same}, {@link Reply.Missing} or
     * {@link Reply.Refused}.
     *
     * @param known the version that the asker already holds, whose value need not be sent again
     * @param hints whether a hint that the receiver holds for the key may answer
     */
    record Read(Key key, @Nullable Version known, boolean hints) implements Request {}

    /** A heartbeat; answered by {@link Reply.Pong}. */
    record Ping(long wallMillis) implements Request {}

    /**
     * Hash-tree nodes; answered by {@link Reply.Hashes} in the same order, over the partitions that
     * asker and receiver both own.
     *
     * @param level the tree's level: 0 root, 1 group of partitions, 2 partition, 3 leaf
     * @param indexes positions within the level
     */
    record TreeHashes(int level, List<Integer> indexes) implements Request {}

    /** The entries of hash-tree leaves; answered by {@link Reply.LeafEntries}. */
    record LeafList(List<Integer> leaves) implements Request {}

    /** The cells of entries, each named by its key's token; answered by {@link Reply.Cells}. */
    record Fetch(List<Long> tokens) implements Request {}

    /**
     * Tombstones that may be reaped; answered by {@link Reply.Confirmed}: for each, whether the
     * receiver, if it owns the key, holds exactly this version, and holds nothing older, hints
     * included.
     */
    record ConfirmTombstones(List<KeyVersion> tombstones) implements Request {}

    /** Reap tombstones that every node has confirmed; answered by {@link Reply.Done}. */
    record ReapTombstones(List<KeyVersion> tombstones) implements Request {}

    /**
     * A page of the receiver's keys in key order; answered by {@link Reply.Page}.
     *
     * @param prefix what the keys begin with, may be empty
     * @param after the last key of the page before, or null
     * @param limit how many at the most
     */
    record Scan(byte[] prefix, @Nullable Key after, int limit) implements Request {}

    /** What the receiver holds for a key, hints included; answered by {@link Reply.Inspected}. */
    record Inspect(Key key) implements Request {}
}

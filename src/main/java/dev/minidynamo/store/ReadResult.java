package dev.minidynamo.store;

import dev.minidynamo.model.Cell;

/** What a read of one key found. */
public sealed interface ReadResult {

    /** The cell that is held, tombstones and expired values included. */
    record Found(Cell cell) implements ReadResult {}

    /** Nothing is held. */
    record Missing() implements ReadResult {}

    /**
     * What was held cannot be told, because a record failed its checksum (promise P11). Never
     * served; anti-entropy fetches it again.
     */
    record Damaged() implements ReadResult {}
}

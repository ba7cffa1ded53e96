package dev.minidynamo.store;

import dev.minidynamo.model.Version;

/** What became of a cell that was given to the store. */
public sealed interface ApplyResult {

    /** This cell is durable here. */
    record Applied() implements ApplyResult {}

    /** A cell that wins against it is durable here. */
    record Superseded(Version current) implements ApplyResult {}

    /** The disk is full, and nothing of the cell is on it (promise P9). */
    record DiskFull(String why) implements ApplyResult {}

    /** Too much waits for the disk, and nothing of the cell is on it (promise P12). */
    record Overloaded(String why) implements ApplyResult {}

    /** Whether the cell, or one that wins against it, is durable here. */
    default boolean isHeld() {
        return this instanceof Applied || this instanceof Superseded;
    }
}

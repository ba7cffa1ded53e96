package dev.minidynamo.hints;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;

import java.util.function.Consumer;

/** The copies that this node holds itself, as far as its hints are concerned with them. */
public interface OwnCopies {

    /** Whether this node is one of the key's replicas. */
    boolean isReplica(Key key);

    /** Whether cells may be taken now: what an unsynchronised node holds may yet be dropped. */
    boolean mayTake();

    /**
     * Takes a cell that was hinted for another node.
     *
     * @param taken whether it, or a newer one, is durable; false if the disk is full or too slow
     */
    void take(Key key, Cell cell, Consumer<Boolean> taken);
}

package dev.minidynamo.antientropy;

import dev.minidynamo.store.CompletePartitions;

import java.util.BitSet;

/**
 * The partitions that this node owns now, did not own before a change of the ring, and has yet to
 * compare with their other owners (P1, P5). It takes writes for them, but the absence of a key
 * means nothing there: it answers no reads of them, and vouches to no peer that it has everything.
 * What it does hold of them is as good as what it holds of others.
 */
final class GainedPartitions {

    private final Replicating node;
    private final CompletePartitions complete;
    private final BitSet partitions = new BitSet();
    private boolean forgotten;

    GainedPartitions(Replicating node) {
        this.node = node;
        this.complete = node.store().completePartitions();
        BitSet known = complete.known();
        if (known != null) {
            partitions.or(node.tree().owned());
            partitions.andNot(known);
        }
    }

    /**
     * Writes down what is no longer owned, since others may write there from now on: if it is owned
     * again it will be one that was gained.
     */
    void start() {
        BitSet known = complete.known();
        if (known == null || known.equals(withoutGained())) {
            forgotten = true;
        } else {
            complete.replace(withoutGained(), () -> forgotten = true);
        }
    }

    /** Whether {@link #start} is durable. */
    boolean forgotten() {
        return forgotten;
    }

    /** Writes down what is complete if that was never done, then runs {@code durable}. */
    void writeDown(Runnable durable) {
        if (complete.known() == null) {
            complete.replace(withoutGained(), durable);
        } else {
            durable.run();
        }
    }

    private BitSet withoutGained() {
        BitSet rest = (BitSet) node.tree().owned().clone();
        rest.andNot(partitions);
        return rest;
    }

    boolean contains(int partition) {
        return partitions.get(partition);
    }

    /** All of them; must not be modified. */
    BitSet all() {
        return partitions;
    }

    /** Takes note that everything of a partition is here. */
    void settle(int partition) {
        if (partitions.get(partition)) {
            partitions.clear(partition);
            complete.add(partition);
        }
    }
}

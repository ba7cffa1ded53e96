package dev.minidynamo.antientropy;

import dev.minidynamo.antientropy.LeafDiff.Difference;
import dev.minidynamo.antientropy.LeafDiff.Side;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.store.StoredCell;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * Entries older than the tombstone grace that synchronised peers lack: they may have been deleted,
 * and the tombstones reaped, while this node was away.
 */
final class Suspects {

    private final Replicating node;
    private final IntConsumer requireComparison;
    private final Map<Integer, Map<Long, Suspect>> suspects = new TreeMap<>();
    private int burying;
    private long buried;

    private record Suspect(long timestamp, TreeSet<NodeId> lackedBy) {}

    /**
     * @param requireComparison called with a partition that must be compared anew, as its entries
     *     could not be buried
     */
    Suspects(Replicating node, IntConsumer requireComparison) {
        this.node = node;
        this.requireComparison = requireComparison;
    }

    /** Whether tombstones are on their way to the disk. */
    boolean burying() {
        return burying > 0;
    }

    /** Entries buried so far. */
    long buried() {
        return buried;
    }

    /** Takes note that a synchronised peer holds all that is here in these partitions. */
    void lackNothing(NodeId peer, BitSet partitions) {
        suspects.forEach((partition, within) -> {
            if (partitions.get(partition)) {
                within.values().forEach(suspect -> suspect.lackedBy().remove(peer));
            }
        });
    }

    /** Whether entries of a partition may have been deleted elsewhere. */
    boolean isIn(int partition) {
        return suspects.containsKey(partition);
    }

    /** Takes note of what a synchronised peer lacks, now that a partition was compared with it. */
    void note(
            NodeId peer,
            int partition,
            List<Difference> differences,
            Predicate<Difference> doubted) {
        Map<Long, Suspect> within = suspects.computeIfAbsent(partition, p -> new TreeMap<>());
        within.values().forEach(suspect -> suspect.lackedBy().remove(peer));
        long oldest = node.ports().membership().clusterMillis() - node.options().graceMillis();
        for (Difference d : differences) {
            boolean old = d.timestamp() < Version.timestampOf(oldest);
            if (old && d.side() == Side.OWN && d.absentAtPeer() && doubted.test(d)) {
                within.computeIfAbsent(d.token(), t -> new Suspect(d.timestamp(), new TreeSet<>()))
                        .lackedBy()
                        .add(peer);
            }
        }
    }

    /** Forgets a partition's suspects, and buries those that enough witnesses all lack. */
    void settle(int partition, List<NodeId> witnesses, int needed) {
        Map<Long, Suspect> within = suspects.remove(partition);
        if (within == null || witnesses.size() < needed) {
            return;
        }
        within.forEach((token, suspect) -> {
            if (suspect.lackedBy().containsAll(witnesses)) {
                node.store().byToken(token).forEach(cell -> bury(cell, suspect));
            }
        });
    }

    /**
     * Buries an entry under a tombstone that is one tick newer. Just to forget it would not do, as
     * its record is still in the log and would be back after the next restart.
     */
    private void bury(StoredCell stored, Suspect suspect) {
        Version version = stored.cell().version();
        if (version.timestamp() != suspect.timestamp()) {
            return;
        }
        Version next =
                new Version(version.timestamp() + 1, node.self(), node.store().incarnation());
        burying++;
        node.store()
                .apply(
                        stored.key(),
                        new Cell.Tombstone(next),
                        result -> {
                            burying--;
                            if (!result.isHeld()) {
                                requireComparison.accept(
                                        Ring.partitionOf(Ring.tokenOf(stored.key())));
                            } else {
                                buried++;
                            }
                        });
    }

    void clear() {
        suspects.clear();
    }
}

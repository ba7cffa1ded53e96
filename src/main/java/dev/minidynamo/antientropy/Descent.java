package dev.minidynamo.antientropy;

import dev.minidynamo.antientropy.LeafDiff.Difference;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Reply.LeafEntry;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.store.EntryRef;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/**
 * The way from the root of two hash trees down to the entries that differ.
 *
 * <p>It is pure: fed with the peer's answers, it says what to ask or to repair next. It goes depth
 * first, a few groups and partitions at a time, so that a round that must end early has repaired
 * what it looked at and has not asked for more.
 */
final class Descent {

    /** Groups whose partitions are compared with one request. */
    private static final int GROUPS_AT_ONCE = 8;

    /** Partitions whose leaves are compared with one request. */
    private static final int PARTITIONS_AT_ONCE = 64;

    /** The timestamps of entries that are marks. */
    private static final long DAMAGED = 0;

    private static final long GAINED = 1;

    /** What to do next. */
    sealed interface Step {

        /** Ask the peer, and hand its reply to {@link #answered}. */
        record Ask(Request request) implements Step {}

        /** Repair these partitions, in this order, then call {@link #next}. */
        record Repair(List<PartitionDifferences> partitions) implements Step {}

        /** Everything has been compared. */
        record Finished() implements Step {}

        /** The peer did not give a usable answer. */
        record Failed(String why) implements Step {}
    }

    /**
     * Entries of one partition that differ.
     *
     * @param doubted leaves of the partition that are damaged at the peer
     * @param gained whether the peer has just gained the partition, and so may lack anything of it
     */
    record PartitionDifferences(
            int partition, List<Difference> differences, BitSet doubted, boolean gained) {

        /** Whether the peer vouches for having the whole partition. */
        boolean complete() {
            return doubted.isEmpty() && !gained;
        }
    }

    private enum Level {
        ROOT,
        GROUPS,
        PARTITIONS,
        LEAVES,
        ENTRIES
    }

    private final HashTree tree;
    private final NodeId peer;
    private final IntFunction<List<EntryRef>> ownEntries;
    private final BitSet wanted;
    private final Consumer<BitSet> equal;

    private final Deque<Integer> groups = new ArrayDeque<>();
    private final Deque<Integer> partitions = new ArrayDeque<>();
    private Level level = Level.ROOT;
    private List<Integer> asked = List.of(0);
    private long entriesCompared;

    /**
     * @param ownEntries the own entries of a leaf, in unsigned token order
     * @param wanted partitions to compare; those that the peer does not share are left out
     * @param equal told the wanted partitions that are found equal, some at a time
     */
    Descent(
            HashTree tree,
            NodeId peer,
            IntFunction<List<EntryRef>> ownEntries,
            BitSet wanted,
            Consumer<BitSet> equal) {
        this.tree = tree;
        this.peer = peer;
        this.ownEntries = ownEntries;
        this.wanted = (BitSet) wanted.clone();
        this.wanted.and(tree.shared(peer));
        this.equal = equal;
    }

    /** The first thing to ask. */
    Step first() {
        return wanted.isEmpty() ? new Step.Finished() : askHashes(Level.ROOT, List.of(0));
    }

    /** What follows from the peer's answer to the last {@link Step.Ask}. */
    Step answered(Reply reply) {
        return switch (reply) {
            case Reply.Hashes hashes
                    when level != Level.ENTRIES && hashes.hashes().size() == asked.size() ->
                    compareHashes(hashes.hashes());
            case Reply.LeafEntries entries when level == Level.ENTRIES ->
                    compareEntries(entries.entries());
            case Reply.Refused refused ->
                    new Step.Failed(refused.reason() + ": " + refused.detail());
            case Reply.Failed failed -> new Step.Failed(failed.failure() + ": " + failed.detail());
            default -> new Step.Failed("an answer that does not fit the question");
        };
    }

    private Step compareHashes(List<Long> theirs) {
        List<Integer> differing = new ArrayList<>();
        BitSet same = new BitSet();
        for (int i = 0; i < theirs.size(); i++) {
            int index = asked.get(i);
            if (theirs.get(i) == tree.hash(level.ordinal(), index, peer)) {
                addWanted(index, same);
            } else {
                differing.add(index);
            }
        }
        equal.accept(same);
        switch (level) {
            case ROOT -> {
                return differing.isEmpty()
                        ? new Step.Finished()
                        : askHashes(Level.GROUPS, wantedGroups());
            }
            case GROUPS -> groups.addAll(differing);
            case PARTITIONS -> partitions.addAll(differing);
            default -> {
                markPartitionsWithout(differing);
                if (!differing.isEmpty()) {
                    level = Level.ENTRIES;
                    asked = differing;
                    return new Step.Ask(new Request.LeafList(differing));
                }
            }
        }
        return next();
    }

    /** What to compare after what was repaired. */
    Step next() {
        if (!partitions.isEmpty()) {
            List<Integer> leaves = new ArrayList<>();
            for (int i = 0; i < PARTITIONS_AT_ONCE && !partitions.isEmpty(); i++) {
                int first = partitions.remove() * HashTree.LEAVES_PER_PARTITION;
                for (int l = 0; l < HashTree.LEAVES_PER_PARTITION; l++) {
                    leaves.add(first + l);
                }
            }
            return askHashes(Level.LEAVES, leaves);
        }
        if (!groups.isEmpty()) {
            List<Integer> within = new ArrayList<>();
            for (int i = 0; i < GROUPS_AT_ONCE && !groups.isEmpty(); i++) {
                forWantedIn(groups.remove(), within::add);
            }
            return askHashes(Level.PARTITIONS, within);
        }
        return new Step.Finished();
    }

    private Step askHashes(Level next, List<Integer> indexes) {
        level = next;
        asked = List.copyOf(indexes);
        return new Step.Ask(new Request.TreeHashes(level.ordinal(), asked));
    }

    private List<Integer> wantedGroups() {
        List<Integer> all = new ArrayList<>();
        for (int p = wanted.nextSetBit(0); p >= 0; ) {
            int group = p / HashTree.PARTITIONS_PER_GROUP;
            all.add(group);
            p = wanted.nextSetBit((group + 1) * HashTree.PARTITIONS_PER_GROUP);
        }
        return all;
    }

    private void forWantedIn(int group, IntConsumer action) {
        int first = group * HashTree.PARTITIONS_PER_GROUP;
        int end = first + HashTree.PARTITIONS_PER_GROUP;
        for (int p = wanted.nextSetBit(first); p >= 0 && p < end; p = wanted.nextSetBit(p + 1)) {
            action.accept(p);
        }
    }

    private void addWanted(int index, BitSet same) {
        switch (level) {
            case ROOT -> same.or(wanted);
            case GROUPS -> forWantedIn(index, same::set);
            case PARTITIONS -> same.set(index);
            default -> {} // A partition is equal only when all its leaves are.
        }
    }

    private void markPartitionsWithout(List<Integer> differingLeaves) {
        BitSet differing = new BitSet();
        differingLeaves.forEach(leaf -> differing.set(leaf / HashTree.LEAVES_PER_PARTITION));
        BitSet same = new BitSet();
        asked.forEach(leaf -> same.set(leaf / HashTree.LEAVES_PER_PARTITION));
        same.andNot(differing);
        equal.accept(same);
    }

    private Step compareEntries(List<LeafEntry> theirs) {
        entriesCompared += theirs.size();
        BitSet doubted = new BitSet();
        BitSet gained = new BitSet();
        List<LeafEntry> certain = new ArrayList<>(theirs.size());
        for (LeafEntry entry : theirs) {
            if (isMark(entry) && entry.timestamp() == GAINED) {
                gained.set(Ring.partitionOf(entry.token()));
            } else if (isMark(entry)) {
                doubted.set(HashTree.leafOf(entry.token()));
            } else {
                certain.add(entry);
            }
        }
        List<EntryRef> own = new ArrayList<>();
        Map<Integer, List<Difference>> byPartition = new TreeMap<>();
        for (int leaf : asked) {
            own.addAll(ownEntries.apply(leaf));
            byPartition.put(leaf / HashTree.LEAVES_PER_PARTITION, new ArrayList<>());
        }
        for (Difference difference : LeafDiff.between(own, certain)) {
            List<Difference> within = byPartition.get(Ring.partitionOf(difference.token()));
            if (within == null) {
                return new Step.Failed("entries of leaves that were not asked for");
            }
            within.add(difference);
        }
        return new Step.Repair(repairs(byPartition, doubted, gained));
    }

    private List<PartitionDifferences> repairs(
            Map<Integer, List<Difference>> byPartition, BitSet doubted, BitSet gained) {
        List<PartitionDifferences> repairs = new ArrayList<>();
        BitSet same = new BitSet();
        byPartition.forEach((partition, differences) -> {
            int first = partition * HashTree.LEAVES_PER_PARTITION;
            BitSet within = new BitSet();
            within.set(first, first + HashTree.LEAVES_PER_PARTITION);
            within.and(doubted);
            PartitionDifferences found =
                    new PartitionDifferences(partition, differences, within, gained.get(partition));
            if (differences.isEmpty() && found.complete()) {
                same.set(partition);
            } else {
                repairs.add(found);
            }
        });
        equal.accept(same);
        return repairs;
    }

    /** An entry that stands for no key but says that the sender's leaf is damaged. */
    static LeafEntry markOfDoubt(int leaf) {
        return mark(leaf, DAMAGED);
    }

    /** An entry that stands for no key but says that the sender has just gained the partition. */
    static LeafEntry markOfGain(int leaf) {
        return mark(leaf, GAINED);
    }

    private static LeafEntry mark(int leaf, long timestamp) {
        return new LeafEntry((long) leaf << (Long.SIZE - HashTree.LEAF_BITS), timestamp, 0);
    }

    private static boolean isMark(LeafEntry entry) {
        return entry.hash() == 0;
    }

    /** Entries that the peer has listed. */
    long entriesCompared() {
        return entriesCompared;
    }
}

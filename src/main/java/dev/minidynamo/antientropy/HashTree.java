package dev.minidynamo.antientropy;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.ring.PreferenceList;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.store.LeafListener;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The hash tree over everything a node holds, kept up with each change and never rebuilt by a scan.
 *
 * <p>A leaf is the exclusive or of the hashes of its entries, so a change costs two operations
 * whatever the leaf holds. Four leaves are a partition, 128 partitions a group, 128 groups the
 * root. Two nodes compare only partitions that both own, so groups and root are those of a pair of
 * nodes: they are computed when asked for, from the groups that changed since (Dynamo, SOSP 2007,
 * §4.7; Merkle, CRYPTO 1987).
 */
public final class HashTree implements LeafListener {

    /** The upper bits of a token that name its leaf. */
    public static final int LEAF_BITS = 16;

    public static final int LEAVES = 1 << LEAF_BITS;
    public static final int LEAVES_PER_PARTITION = LEAVES / Ring.PARTITIONS;
    public static final int GROUPS = 128;
    public static final int PARTITIONS_PER_GROUP = Ring.PARTITIONS / GROUPS;

    static final int ROOT_LEVEL = 0;
    static final int GROUP_LEVEL = 1;
    static final int PARTITION_LEVEL = 2;
    static final int LEAF_LEVEL = 3;

    private final long[] leaves = new long[LEAVES];
    private final int[] entries = new int[LEAVES];
    private final long[] groupChanges = new long[GROUPS];
    private final BitSet owned = new BitSet(Ring.PARTITIONS);
    private final Map<NodeId, Pair> pairs = new TreeMap<>();
    private long strays;

    /** What this node and one peer both own, with the hashes of it that are known. */
    private static final class Pair {
        final BitSet shared = new BitSet(Ring.PARTITIONS);
        final long[] groups = new long[GROUPS];
        final long[] asOf = new long[GROUPS];
    }

    public HashTree(NodeId self, Ring ring) {
        for (NodeId node : ring.nodes()) {
            if (!node.equals(self)) {
                pairs.put(node, new Pair());
            }
        }
        Arrays.fill(groupChanges, 1);
        for (int p = 0; p < Ring.PARTITIONS; ) {
            PreferenceList list = ring.preferenceList(p);
            int end = p + 1;
            while (end < Ring.PARTITIONS && ring.preferenceList(end).equals(list)) {
                end++;
            }
            if (list.isPrimary(self)) {
                owned.set(p, end);
                share(list.primaries(), p, end);
            }
            p = end;
        }
    }

    private void share(List<NodeId> owners, int from, int to) {
        for (NodeId owner : owners) {
            Pair pair = pairs.get(owner);
            if (pair != null) {
                pair.shared.set(from, to);
            }
        }
    }

    @Override
    public void changed(int leaf, long hashBefore, long hashAfter) {
        leaves[leaf] ^= hashBefore ^ hashAfter;
        groupChanges[leaf / LEAVES_PER_PARTITION / PARTITIONS_PER_GROUP]++;
        int more = (hashAfter == 0 ? 0 : 1) - (hashBefore == 0 ? 0 : 1);
        entries[leaf] += more;
        if (!owned.get(leaf / LEAVES_PER_PARTITION)) {
            strays += more;
        }
    }

    /**
     * The hash of a tree node over the partitions that this node and {@code peer} both own; 0 if
     * there is nothing in it.
     *
     * @param level 0 root, 1 group, 2 partition, 3 leaf
     * @throws IllegalArgumentException if there is no such tree node or no such peer
     */
    public long hash(int level, int index, NodeId peer) {
        Pair pair = pairs.get(peer);
        if (pair == null || index < 0 || index >= width(level)) {
            throw new IllegalArgumentException(
                    "the hash tree has no node " + index + " at level " + level + " for " + peer);
        }
        return switch (level) {
            case ROOT_LEVEL -> root(pair);
            case GROUP_LEVEL -> group(pair, index);
            case PARTITION_LEVEL -> pair.shared.get(index) ? partition(index) : 0;
            default -> pair.shared.get(index / LEAVES_PER_PARTITION) ? leaves[index] : 0;
        };
    }

    /** Number of tree nodes at a level. */
    static int width(int level) {
        return switch (level) {
            case ROOT_LEVEL -> 1;
            case GROUP_LEVEL -> GROUPS;
            case PARTITION_LEVEL -> Ring.PARTITIONS;
            case LEAF_LEVEL -> LEAVES;
            default -> throw new IllegalArgumentException("the hash tree has no level " + level);
        };
    }

    private long root(Pair pair) {
        long root = 0;
        for (int g = 0; g < GROUPS; g++) {
            root ^= mix(group(pair, g), g);
        }
        return root;
    }

    private long group(Pair pair, int group) {
        if (pair.asOf[group] != groupChanges[group]) {
            long hash = 0;
            int first = group * PARTITIONS_PER_GROUP;
            for (int p = first; p < first + PARTITIONS_PER_GROUP; p++) {
                if (pair.shared.get(p)) {
                    hash ^= mix(partition(p), p);
                }
            }
            pair.groups[group] = hash;
            pair.asOf[group] = groupChanges[group];
        }
        return pair.groups[group];
    }

    private long partition(int partition) {
        long hash = 0;
        int first = partition * LEAVES_PER_PARTITION;
        for (int leaf = first; leaf < first + LEAVES_PER_PARTITION; leaf++) {
            hash ^= mix(leaves[leaf], leaf);
        }
        return hash;
    }

    /** Ties a hash to its place, by MurmurHash3's finaliser; nothing stays nothing. */
    private static long mix(long hash, int place) {
        if (hash == 0) {
            return 0;
        }
        long h = hash + (place + 1) * 0x9e3779b97f4a7c15L;
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }

    /** The partitions that this node and {@code peer} both own; must not be modified. */
    BitSet shared(NodeId peer) {
        @Nullable Pair pair = pairs.get(peer);
        return pair == null ? new BitSet() : pair.shared;
    }

    /** The partitions that this node owns; must not be modified. */
    BitSet owned() {
        return owned;
    }

    /** Number of entries held in a leaf. */
    int entries(int leaf) {
        return entries[leaf];
    }

    /** Number of entries held in partitions that this node does not own. */
    public long strays() {
        return strays;
    }

    /** The leaf that a token falls in. */
    static int leafOf(long token) {
        return (int) (token >>> (Long.SIZE - LEAF_BITS));
    }
}

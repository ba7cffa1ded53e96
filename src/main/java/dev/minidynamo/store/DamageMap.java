package dev.minidynamo.store;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The leaves in which damaged records may have hidden something, and which entries are beyond doubt
 * all the same.
 *
 * <p>Records of a key lie in the log in the order of their versions, so an entry whose record lies
 * after the damage cannot be older than what was damaged. An entry written after the damage was
 * found may be (a late hint for a key whose newer record is gone), so it is in doubt too until
 * anti-entropy has compared the leaf.
 */
final class DamageMap {

    static final int MAGIC = 0x4d444447; // MDDG
    static final int VERSION = 1;

    private final BitSet leaves;
    private long certainFrom;
    private long certainTo;

    DamageMap() {
        this(new BitSet(), 0, Long.MAX_VALUE);
    }

    private DamageMap(BitSet leaves, long certainFrom, long certainTo) {
        this.leaves = leaves;
        this.certainFrom = certainFrom;
        this.certainTo = certainTo;
    }

    BitSet leaves() {
        return (BitSet) leaves.clone();
    }

    int count() {
        return leaves.cardinality();
    }

    /** Whether an entry at {@code position} in {@code leaf} may hide a newer, lost one. */
    boolean doubts(int leaf, long position) {
        return leaves.get(leaf) && (position < certainFrom || position >= certainTo);
    }

    /** Whether a key of {@code leaf} that has no entry may have had one. */
    boolean doubtsMissing(int leaf) {
        boolean unknown = certainFrom > 0 || certainTo != Long.MAX_VALUE;
        return unknown && leaves.get(leaf);
    }

    /** Marks a leaf because of one of its entries, which is marked itself. */
    void addLeaf(int leaf) {
        leaves.set(leaf);
    }

    /** Marks all leaves, because records before {@code damageEnd} with unknown keys are lost. */
    void addUnknown(long damageEnd, long logEnd) {
        leaves.set(0, KeyIndex.LEAVES);
        certainFrom = Math.max(certainFrom, damageEnd);
        certainTo = Math.min(certainTo, logEnd);
    }

    /** Takes a mark away; false if there was none. */
    boolean clear(int leaf) {
        boolean was = leaves.get(leaf);
        leaves.clear(leaf);
        if (leaves.isEmpty()) {
            certainFrom = 0;
            certainTo = Long.MAX_VALUE;
        }
        return was;
    }

    byte[] encode() {
        byte[] bits = leaves.toByteArray();
        return ByteBuffer.allocate(16 + bits.length)
                .putLong(certainFrom)
                .putLong(certainTo)
                .put(bits)
                .array();
    }

    /** The map in {@code body}, or null if that is none. */
    static @Nullable DamageMap decode(byte[] body) {
        if (body.length < 16 || body.length > 16 + KeyIndex.LEAVES / Byte.SIZE) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(body);
        long from = in.getLong();
        long to = in.getLong();
        return new DamageMap(BitSet.valueOf(Arrays.copyOfRange(body, 16, body.length)), from, to);
    }
}

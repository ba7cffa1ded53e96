package dev.minidynamo.store;

import dev.minidynamo.env.Invariants;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.ToLongFunction;

/**
 * The index: for every key its version, hash and place in the log, in 65,536 buckets by the upper
 * 16 bits of the token.
 *
 * <p>A bucket is a leaf of the hash tree, so a leaf is listed without a search. At 5 million keys a
 * bucket has 76 entries, and a look-up is a binary search in an array of longs.
 */
final class KeyIndex {

    /** Leaves of the hash tree, and buckets. */
    static final int LEAVES = 1 << 16;

    private static final int LEAF_SHIFT = 48;

    private final @Nullable Bucket[] buckets = new @Nullable Bucket[LEAVES];
    private final BitSet occupied = new BitSet(LEAVES);
    private final WriterTable writers = new WriterTable();
    private final SegmentUse use = new SegmentUse();
    private final ToLongFunction<Key> tokenOf;
    private LeafListener listener = (leaf, before, after) -> {};
    private long entries;
    private long tombstones;
    private long maxTimestamp;

    KeyIndex(ToLongFunction<Key> tokenOf) {
        this.tokenOf = tokenOf;
    }

    static int leafOf(long token) {
        return (int) (token >>> LEAF_SHIFT);
    }

    long tokenOf(Key key) {
        return tokenOf.applyAsLong(key);
    }

    WriterTable writers() {
        return writers;
    }

    SegmentUse use() {
        return use;
    }

    long entries() {
        return entries;
    }

    long tombstones() {
        return tombstones;
    }

    /** The highest timestamp of any entry there ever was. */
    long maxTimestamp() {
        return maxTimestamp;
    }

    /** Hears of the changes from now on, and of every entry that is there already. */
    void listen(LeafListener next) {
        LeafListener former = listener;
        listener =
                (leaf, before, after) -> {
                    former.changed(leaf, before, after);
                    next.changed(leaf, before, after);
                };
        for (int leaf = nextLeaf(0); leaf < LEAVES; leaf = nextLeaf(leaf + 1)) {
            Bucket bucket = buckets[leaf];
            for (int i = 0; bucket != null && i < bucket.count(); i++) {
                next.changed(leaf, 0, visibleHash(bucket, i));
            }
        }
    }

    @Nullable Bucket bucket(int leaf) {
        return buckets[leaf];
    }

    /** The first leaf from {@code leaf} on that holds anything; {@link #LEAVES} if none does. */
    int nextLeaf(int leaf) {
        int next = occupied.nextSetBit(leaf);
        return next < 0 ? LEAVES : next;
    }

    private void setBucket(int leaf, @Nullable Bucket bucket) {
        buckets[leaf] = bucket;
        occupied.set(leaf, bucket != null);
    }

    /** Takes a bucket that was read from a snapshot. */
    void load(int leaf, Bucket bucket) {
        setBucket(leaf, bucket);
        for (int i = 0; i < bucket.count(); i++) {
            count(bucket, i, 1);
        }
    }

    /** Where a key's entry is; valid until the next change. */
    record Slot(Bucket bucket, int index) {

        long position() {
            return bucket.position(index);
        }

        boolean damaged() {
            return bucket.flag(index, Bucket.DAMAGED);
        }
    }

    @Nullable Slot find(long token, byte[] key) {
        Bucket bucket = buckets[leafOf(token)];
        int index = bucket == null ? -1 : bucket.find(token, key, 0, key.length);
        return bucket == null || index < 0 ? null : new Slot(bucket, index);
    }

    Version version(Slot slot) {
        return writers.version(slot.bucket.writer(slot.index), slot.bucket.timestamp(slot.index));
    }

    StoredMeta meta(Bucket bucket, int i) {
        boolean tombstone = bucket.flag(i, Bucket.TOMBSTONE);
        Version version = writers.version(bucket.writer(i), bucket.timestamp(i));
        return new StoredMeta(
                Key.of(bucket.key(i)),
                version,
                bucket.valueBytes(i),
                deadSinceMillis(bucket, i),
                tombstone);
    }

    static long deadSinceMillis(Bucket bucket, int i) {
        if (bucket.flag(i, Bucket.TOMBSTONE)) {
            return bucket.timestamp(i) >>> Version.COUNTER_BITS;
        }
        return bucket.flag(i, Bucket.EXPIRES) ? bucket.expiresAtMillis(i) : Long.MAX_VALUE;
    }

    private static long visibleHash(Bucket bucket, int i) {
        return bucket.flag(i, Bucket.DAMAGED) ? 0 : bucket.hash(i);
    }

    /** Sets the entry of a key, whatever was there. */
    void put(long token, byte[] key, int from, int length, Bucket.Row row) {
        int leaf = leafOf(token);
        Bucket bucket = buckets[leaf];
        if (bucket == null) {
            bucket = new Bucket();
            setBucket(leaf, bucket);
        }
        int index = bucket.find(token, key, from, length);
        long before = 0;
        if (index >= 0) {
            before = visibleHash(bucket, index);
            count(bucket, index, -1);
            if (bucket.flag(index, Bucket.EXPIRES) == (row.expiresAtMillis() != 0)) {
                bucket.set(index, row);
            } else {
                bucket.remove(index);
                index = -1;
            }
        }
        if (index < 0) {
            bucket.add(token, key, from, length, row);
            index = bucket.find(token, key, from, length);
        }
        count(bucket, index, 1);
        if (before != row.hash()) {
            listener.changed(leaf, before, row.hash());
        }
    }

    private void count(Bucket bucket, int i, int sign) {
        entries += sign;
        if (bucket.flag(i, Bucket.TOMBSTONE)) {
            tombstones += sign;
        }
        if (sign > 0) {
            maxTimestamp = Math.max(maxTimestamp, bucket.timestamp(i));
            use.add(bucket.position(i), bucket.frameBytes(i));
        } else {
            use.remove(bucket.position(i), bucket.frameBytes(i));
        }
    }

    /** Lets an entry point at another copy of the same record. */
    void move(Slot slot, long position, int frameBytes) {
        count(slot.bucket, slot.index, -1);
        slot.bucket.setPosition(slot.index, position);
        slot.bucket.setFrameBytes(slot.index, frameBytes);
        count(slot.bucket, slot.index, 1);
    }

    void remove(Slot slot) {
        int leaf = leafOf(slot.bucket.token(slot.index));
        long before = visibleHash(slot.bucket, slot.index);
        count(slot.bucket, slot.index, -1);
        slot.bucket.remove(slot.index);
        if (slot.bucket.count() == 0) {
            setBucket(leaf, null);
        }
        if (before != 0) {
            listener.changed(leaf, before, 0);
        }
    }

    /** Removes the entries of a leaf that could not be read. */
    void removeDamaged(int leaf) {
        Bucket bucket = bucket(leaf);
        for (int i = bucket == null ? -1 : bucket.count() - 1; bucket != null && i >= 0; i--) {
            if (bucket.flag(i, Bucket.DAMAGED)) {
                remove(new Slot(bucket, i));
            }
        }
    }

    /**
     * Marks that the record of an entry cannot be read; its version stays, so that nothing older is
     * taken.
     */
    void markDamaged(Slot slot) {
        Invariants.check(!slot.damaged(), "an entry is marked as damaged once");
        long before = visibleHash(slot.bucket, slot.index);
        move(slot, 0, 0);
        slot.bucket.setFlag(slot.index, Bucket.DAMAGED);
        listener.changed(leafOf(slot.bucket.token(slot.index)), before, 0);
    }

    /** The row for an encoded cell that lies at {@code position}. */
    Bucket.Row row(CellView view, long hash, long position, int frameBytes) {
        return new Bucket.Row(
                view.timestamp(),
                hash,
                position,
                frameBytes,
                view.tombstone() ? 0 : view.valueBytes(),
                writers.numberOf(view),
                view.tombstone(),
                view.expiresAtMillis());
    }

    /**
     * Takes a record of the log at a start.
     *
     * <p>The higher version wins. At equal versions the later record does: it was appended because
     * it won, or because it is a copy.
     */
    void replay(CellView view, byte[] payload, int from, int length, long position, int frame) {
        long token =
                tokenOf.applyAsLong(
                        Key.of(
                                Arrays.copyOfRange(
                                        payload, view.keyAt(), view.keyAt() + view.keyBytes())));
        Bucket bucket = buckets[leafOf(token)];
        int index =
                bucket == null ? -1 : bucket.find(token, payload, view.keyAt(), view.keyBytes());
        int order = bucket == null || index < 0 ? -1 : compare(bucket, index, view);
        if (view.givenUp()) {
            if (bucket != null && order == 0) {
                remove(new Slot(bucket, index));
            }
            return;
        }
        if (order > 0) {
            return;
        }
        long hash = CellCodec.hash(payload, from, length);
        put(token, payload, view.keyAt(), view.keyBytes(), row(view, hash, position, frame));
    }

    private int compare(Bucket bucket, int index, CellView view) {
        int order = Long.compare(bucket.timestamp(index), view.timestamp());
        if (order != 0) {
            return order;
        }
        WriterTable.Writer held = writers.get(bucket.writer(index));
        WriterTable.Writer other = writers.get(writers.numberOf(view));
        order = held.node().compareTo(other.node());
        if (order == 0) {
            order = Integer.compareUnsigned(held.incarnation(), other.incarnation());
        }
        return order;
    }
}

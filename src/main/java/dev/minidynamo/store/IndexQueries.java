package dev.minidynamo.store;

import dev.minidynamo.env.Scheduler;
import dev.minidynamo.model.Key;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** Questions to the index that concern more than one key. */
final class IndexQueries {

    private static final int SCAN_LEAVES_PER_STEP = 256;
    private static final int TOMBSTONE_LEAVES = 8192;

    private final KeyIndex index;

    IndexQueries(KeyIndex index) {
        this.index = index;
    }

    List<EntryRef> leaf(int leaf) {
        Bucket bucket = index.bucket(leaf);
        List<EntryRef> entries = new ArrayList<>();
        for (int i = 0; bucket != null && i < bucket.count(); i++) {
            if (!bucket.flag(i, Bucket.DAMAGED)) {
                entries.add(new EntryRef(bucket.token(i), bucket.timestamp(i), bucket.hash(i)));
            }
        }
        return entries;
    }

    List<KeyIndex.Slot> slots(long token) {
        Bucket bucket = index.bucket(KeyIndex.leafOf(token));
        List<KeyIndex.Slot> slots = new ArrayList<>();
        if (bucket != null) {
            int i = bucket.lowerBound(token);
            for (; i < bucket.count() && bucket.token(i) == token; i++) {
                slots.add(new KeyIndex.Slot(bucket, i));
            }
        }
        return slots;
    }

    TombstonePage tombstones(long deadBeforeMillis, int fromLeaf, int limit) {
        List<StoredMeta> found = new ArrayList<>();
        int end = Math.min(KeyIndex.LEAVES, fromLeaf + TOMBSTONE_LEAVES);
        int leaf = Math.min(end, index.nextLeaf(fromLeaf));
        while (leaf < end && found.size() < limit) {
            Bucket bucket = index.bucket(leaf);
            leaf = Math.min(end, index.nextLeaf(leaf + 1));
            for (int i = 0; bucket != null && i < bucket.count(); i++) {
                boolean dead = KeyIndex.deadSinceMillis(bucket, i) < deadBeforeMillis;
                if (dead && !bucket.flag(i, Bucket.DAMAGED)) {
                    found.add(index.meta(bucket, i));
                }
            }
        }
        return new TombstonePage(found, leaf == KeyIndex.LEAVES ? TombstonePage.END : leaf);
    }

    void scan(
            Scheduler scheduler,
            byte[] prefix,
            @Nullable Key after,
            int limit,
            Consumer<ScanPage> done) {
        step(scheduler, new Selection(prefix, after, limit), 0, done);
    }

    private void step(Scheduler scheduler, Selection selection, int from, Consumer<ScanPage> done) {
        int to = from + SCAN_LEAVES_PER_STEP;
        selection.addLeaves(from, to);
        if (to == KeyIndex.LEAVES) {
            done.accept(selection.page());
        } else {
            scheduler.execute(() -> step(scheduler, selection, to, done));
        }
    }

    /** The smallest keys of a prefix: a bounded heap whose greatest key is on top. */
    private final class Selection {

        private final byte[] prefix;
        private final byte @Nullable [] after;
        private final int limit;
        private final PriorityQueue<StoredMeta> smallest;
        private byte @Nullable [] greatest;
        private boolean more;

        Selection(byte[] prefix, @Nullable Key after, int limit) {
            this.prefix = prefix;
            this.after = after == null ? null : after.bytes();
            this.limit = limit;
            this.smallest = new PriorityQueue<>((a, b) -> b.key().compareTo(a.key()));
        }

        void addLeaves(int from, int to) {
            for (int leaf = index.nextLeaf(from); leaf < to; leaf = index.nextLeaf(leaf + 1)) {
                Bucket bucket = index.bucket(leaf);
                for (int i = 0; bucket != null && i < bucket.count(); i++) {
                    consider(bucket, i);
                }
            }
        }

        private void consider(Bucket bucket, int i) {
            int from = bucket.keyFrom(i);
            int to = from + bucket.keyLengthOf(i);
            byte[] keys = bucket.keys();
            boolean hasPrefix =
                    to - from >= prefix.length
                            && Arrays.equals(
                                    keys, from, from + prefix.length, prefix, 0, prefix.length);
            if (!hasPrefix || !isAfter(keys, from, to)) {
                return;
            }
            if (smallest.size() == limit) {
                more = true;
                if (greatest == null || compare(keys, from, to, greatest) >= 0) {
                    return;
                }
                smallest.poll();
            }
            smallest.add(index.meta(bucket, i));
            StoredMeta top = smallest.size() == limit ? smallest.peek() : null;
            greatest = top == null ? null : top.key().bytes();
        }

        private boolean isAfter(byte[] keys, int from, int to) {
            return after == null || compare(keys, from, to, after) > 0;
        }

        private static int compare(byte[] keys, int from, int to, byte[] other) {
            return Arrays.compareUnsigned(keys, from, to, other, 0, other.length);
        }

        ScanPage page() {
            List<StoredMeta> entries = new ArrayList<>(smallest);
            entries.sort((a, b) -> a.key().compareTo(b.key()));
            return new ScanPage(entries, more);
        }
    }
}

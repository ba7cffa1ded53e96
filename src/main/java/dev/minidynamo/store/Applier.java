package dev.minidynamo.store;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;
import dev.minidynamo.store.ApplyResult.Applied;
import dev.minidynamo.store.ApplyResult.DiskFull;
import dev.minidynamo.store.ApplyResult.Overloaded;
import dev.minidynamo.store.ApplyResult.Superseded;
import dev.minidynamo.version.CellMerge;
import dev.minidynamo.wal.Appended;
import dev.minidynamo.wal.SegmentedLog;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Takes cells: appends those that win, and answers once what it says is durable.
 *
 * <p>A cell is compared with the newest one on its way to the log first, then with the index. What
 * loses against a cell on its way waits until that one is durable.
 */
final class Applier {

    private final SegmentedLog log;
    private final KeyIndex index;
    private final Function<Key, @Nullable Cell> readHeld;
    private final CellView view = new CellView();
    private final Map<Key, OnItsWay> onTheirWay = new HashMap<>();
    private final Set<Key> leaving = new HashSet<>();

    /** A cell that is in the log's queue or being written. */
    private static final class OnItsWay {

        private final Cell cell;
        private final List<Consumer<ApplyResult>> same = new ArrayList<>();
        private final List<Consumer<ApplyResult>> older = new ArrayList<>();

        /** The cell of the same key before it; it may outlast this one if the disk is full. */
        private @Nullable OnItsWay before;

        private boolean settled;

        OnItsWay(Cell cell, @Nullable OnItsWay before, Consumer<ApplyResult> done) {
            this.cell = cell;
            this.before = before;
            same.add(done);
        }

        void answer(ApplyResult forSame, ApplyResult forOlder) {
            same.forEach(done -> done.accept(forSame));
            older.forEach(done -> done.accept(forOlder));
        }
    }

    /**
     * @param readHeld reads the cell that the index has for a key; null if it cannot be read
     */
    Applier(SegmentedLog log, KeyIndex index, Function<Key, @Nullable Cell> readHeld) {
        this.log = log;
        this.index = index;
        this.readHeld = readHeld;
    }

    /** Whether what the index has for the key must not be copied to the end of the log now. */
    boolean isBusy(Key key) {
        return onTheirWay.containsKey(key) || leaving.contains(key);
    }

    boolean forget(Key key, Version version) {
        KeyIndex.Slot slot = held(key, version);
        if (slot == null || isBusy(key)) {
            return false;
        }
        index.remove(slot);
        return true;
    }

    void giveUp(Key key, Version version, Consumer<Boolean> done) {
        if (held(key, version) == null || isBusy(key)) {
            done.accept(false);
            return;
        }
        leaving.add(key);
        log.append(
                CellCodec.encodeGivenUp(key, version),
                new Appended() {
                    @Override
                    public void durable(long position, int frameBytes) {
                        log.whenForced(() -> givenUp(key, version, done));
                    }

                    @Override
                    public void diskFull(String why) {
                        leaving.remove(key);
                        done.accept(false);
                    }
                });
    }

    private void givenUp(Key key, Version version, Consumer<Boolean> done) {
        leaving.remove(key);
        KeyIndex.Slot slot = held(key, version);
        if (slot != null) {
            index.remove(slot);
        }
        done.accept(slot != null);
    }

    private KeyIndex.@Nullable Slot held(Key key, Version version) {
        KeyIndex.Slot slot = index.find(index.tokenOf(key), key.bytes());
        return slot != null && index.version(slot).equals(version) ? slot : null;
    }

    void apply(Key key, Cell cell, Consumer<ApplyResult> done) {
        OnItsWay before = onTheirWay.get(key);
        if (before != null) {
            int order = CellMerge.ORDER.compare(cell, before.cell);
            if (order <= 0) {
                (order == 0 ? before.same : before.older).add(done);
                return;
            }
        } else {
            ApplyResult held = againstIndex(key, cell);
            if (held != null) {
                done.accept(held);
                return;
            }
        }
        append(key, cell, done);
    }

    /** The answer if the index already has this cell or one that wins, else null. */
    private @Nullable ApplyResult againstIndex(Key key, Cell cell) {
        KeyIndex.Slot slot = index.find(index.tokenOf(key), key.bytes());
        if (slot == null) {
            return null;
        }
        Version held = index.version(slot);
        int order = cell.version().compareTo(held);
        if (order != 0) {
            return order > 0 ? null : new Superseded(held);
        }
        if (slot.damaged()) {
            return null;
        }
        if (slot.bucket().hash(slot.index()) == CellCodec.hash(key, cell)) {
            return new Applied();
        }
        Cell current = readHeld.apply(key);
        boolean wins = current == null || CellMerge.ORDER.compare(cell, current) > 0;
        return wins ? null : new Superseded(held);
    }

    private void append(Key key, Cell cell, Consumer<ApplyResult> done) {
        OnItsWay entry = new OnItsWay(cell, onTheirWay.get(key), done);
        byte[] payload = CellCodec.encode(key, cell);
        onTheirWay.put(key, entry);
        log.append(
                payload,
                cell instanceof Cell.Tombstone,
                new Appended() {
                    @Override
                    public void durable(long position, int frameBytes) {
                        arrived(key, payload, position, frameBytes);
                        settle(key, entry);
                        entry.answer(new Applied(), new Superseded(cell.version()));
                    }

                    @Override
                    public void diskFull(String why) {
                        refused(new DiskFull(why));
                    }

                    @Override
                    public void overloaded(String why) {
                        refused(new Overloaded(why));
                    }

                    private void refused(ApplyResult refusal) {
                        settle(key, entry);
                        entry.answer(refusal, refusal);
                    }
                });
    }

    /** Takes a cell off; one before it that the log tries once more stands for the key again. */
    private void settle(Key key, OnItsWay entry) {
        entry.settled = true;
        OnItsWay left = entry.before;
        while (left != null && left.settled) {
            left = left.before;
        }
        entry.before = left;
        if (onTheirWay.get(key) != entry) {
            return;
        }
        if (left == null) {
            onTheirWay.remove(key);
        } else {
            onTheirWay.put(key, left);
        }
    }

    private void arrived(Key key, byte[] payload, long position, int frameBytes) {
        view.parse(payload, 0, payload.length);
        long hash = CellCodec.hash(payload, 0, payload.length);
        index.put(
                index.tokenOf(key),
                key.bytes(),
                0,
                key.bytes().length,
                index.row(view, hash, position, frameBytes));
    }
}

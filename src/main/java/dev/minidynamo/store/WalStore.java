package dev.minidynamo.store;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;
import dev.minidynamo.wal.SegmentReader;
import dev.minidynamo.wal.SegmentedLog;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * The cells of one node: values in a log on disk, an index of them in memory (Bitcask's idea: the
 * log is the data).
 *
 * <p>Lives on the event loop. Reads are answered at once, from the index and one disk read; writes
 * are answered after their force. Holds the node's share of promises P1, P9, P10, P11 and P13.
 */
public class WalStore {

    private static final ReadResult MISSING = new ReadResult.Missing();
    private static final ReadResult DAMAGED = new ReadResult.Damaged();

    private final StorePorts ports;
    private final StoreOptions options;
    private final SegmentedLog log;
    private final KeyIndex index;
    private final DamageMap damage;
    private final FileKeeper damageFile;
    private final CompletePartitions complete;
    private final StartReport start;
    private final boolean blank;
    private final NodeFile.Identity identity;
    private final ClockRecord clockAtStart;
    private final ClockKeeper clock;
    private final Applier applier;
    private final Snapshotter snapshotter;
    private final Compactor compactor;
    private final IndexQueries queries;
    private long reads;
    private long damagedReads;
    private boolean closed;

    /**
     * Opens the store, recovering what is there.
     *
     * @param opened gets it, ready, on the event loop
     * @param failed gets what keeps it from starting, with a sentence for the operator
     */
    public static void open(
            StorePorts ports,
            StoreOptions options,
            Consumer<WalStore> opened,
            Consumer<IOException> failed) {
        new StoreOpener(ports, options, opened, failed).start();
    }

    /** For {@link StoreOpener}, and for the simulator's deliberately wrong stores. */
    protected WalStore(
            StorePorts ports,
            StoreOptions options,
            StartState state,
            SegmentedLog log,
            StartReport start) {
        this.ports = ports;
        this.options = options;
        this.log = log;
        this.index = state.index();
        this.damage = state.damage();
        this.damageFile =
                FileKeeper.of(
                        ports,
                        DirectoryReader.damageFile(ports.disk(), options),
                        DamageMap.VERSION,
                        damage::encode);
        this.complete = new CompletePartitions(ports, options, state.complete());
        this.start = start;
        this.blank = state.blank();
        this.identity = state.identity();
        this.clockAtStart = state.clock();
        this.clock = new ClockKeeper(ports, log, state.clock());
        this.applier = new Applier(log, index, this::heldCell);
        this.snapshotter = new Snapshotter(ports, options, log, index, state.replayFrom());
        this.compactor =
                new Compactor(ports, options, log, index, applier::isBusy, this::meetDamage);
        this.queries = new IndexQueries(index);
        ports.scheduler().after(options.maintenanceMillis(), this::maintain);
    }

    private void maintain() {
        if (closed) {
            return;
        }
        snapshotter.runIfNeeded();
        compactor.runIfNeeded();
        ports.scheduler().after(options.maintenanceMillis(), this::maintain);
    }

    // ---- who this is

    /** Whether the directory was made without data and has not been synchronised since (P13). */
    public boolean blank() {
        return blank;
    }

    /** The random number drawn when the data directory was made. */
    public int incarnation() {
        return identity.incarnation();
    }

    /** Records that the log ever got and that are forced to disk; grows with each of them. */
    public long durableRecords() {
        return log.durable().sequence();
    }

    /** Runs {@code done} once no power loss can take back what is held; at once if none can. */
    public void whenForced(Runnable done) {
        log.whenForced(done);
    }

    /** A timestamp not below any that was given out or stored before this start (promise P8). */
    public long hlcFloor() {
        return Math.max(clockAtStart.hlcUpperBound(), index.maxTimestamp());
    }

    /** Wall time last written down before this start, 0 if never. */
    public long lastAliveMillis() {
        return clockAtStart.aliveMillis();
    }

    /** Writes down a bound of the timestamps given out, and that the node is alive. */
    public void persistClock(long hlcUpperBound, long aliveMillis, Runnable durable) {
        clock.change(record -> record.withClock(hlcUpperBound, aliveMillis), durable);
    }

    /** Whether the data has been synchronised since it was blank; survives restarts. */
    public boolean synchronised() {
        return clock.current().synchronised();
    }

    /** Writes down whether the data has been synchronised. */
    public void setSynchronised(boolean synchronised, Runnable durable) {
        clock.change(record -> record.withSynchronised(synchronised), durable);
    }

    /** The partitions of which everything is here; survives restarts. */
    public CompletePartitions completePartitions() {
        return complete;
    }

    // ---- cells

    /** Reads what is held for a key. */
    public ReadResult read(Key key) {
        long token = index.tokenOf(key);
        int leaf = KeyIndex.leafOf(token);
        KeyIndex.Slot slot = index.find(token, key.bytes());
        if (slot == null) {
            return damage.doubtsMissing(leaf) ? damaged() : MISSING;
        }
        if (doubted(slot, leaf)) {
            return damaged();
        }
        Cell cell = load(key, slot);
        if (cell == null) {
            meetDamage(slot);
            return damaged();
        }
        reads++;
        return new ReadResult.Found(cell);
    }

    /** Whether this very version is held, from memory; damage that no read has met goes unseen. */
    public boolean holds(Key key, Version version) {
        long token = index.tokenOf(key);
        KeyIndex.Slot slot = index.find(token, key.bytes());
        return slot != null
                && index.version(slot).equals(version)
                && !doubted(slot, KeyIndex.leafOf(token));
    }

    private boolean doubted(KeyIndex.Slot slot, int leaf) {
        return slot.damaged() || damage.doubts(leaf, slot.position());
    }

    private ReadResult damaged() {
        damagedReads++;
        return DAMAGED;
    }

    private @Nullable Cell heldCell(Key key) {
        KeyIndex.Slot slot = index.find(index.tokenOf(key), key.bytes());
        return slot == null || slot.damaged() ? null : load(key, slot);
    }

    private @Nullable Cell load(Key key, KeyIndex.Slot slot) {
        StoredCell stored = load(slot);
        return stored != null && stored.key().equals(key) ? stored.cell() : null;
    }

    private @Nullable StoredCell load(KeyIndex.Slot slot) {
        Bucket bucket = slot.bucket();
        try {
            SegmentReader.Payload payload =
                    log.read(slot.position(), bucket.frameBytes(slot.index()));
            boolean same =
                    payload != null
                            && CellCodec.hash(payload.bytes(), payload.from(), payload.length())
                                    == bucket.hash(slot.index());
            return payload == null || !same
                    ? null
                    : CellCodec.decode(payload.bytes(), payload.from(), payload.length());
        } catch (IOException unreadable) {
            return null;
        }
    }

    private void meetDamage(KeyIndex.Slot slot) {
        if (!slot.damaged()) {
            damage.addLeaf(KeyIndex.leafOf(slot.bucket().token(slot.index())));
            index.markDamaged(slot);
            damageFile.writeSoon();
        }
    }

    /** The version held for a key, from memory; null if there is none. */
    public @Nullable Version version(Key key) {
        KeyIndex.Slot slot = index.find(index.tokenOf(key), key.bytes());
        return slot == null ? null : index.version(slot);
    }

    /** What memory knows of a key; null if nothing is held. */
    public @Nullable StoredMeta meta(Key key) {
        KeyIndex.Slot slot = index.find(index.tokenOf(key), key.bytes());
        return slot == null ? null : index.meta(slot.bucket(), slot.index());
    }

    /**
     * Takes a cell if it wins against what is held.
     *
     * @param done gets the outcome once it is durable, perhaps at once; never after a fatal error
     */
    public void apply(Key key, Cell cell, Consumer<ApplyResult> done) {
        if (!closed) {
            applier.apply(key, cell, done);
        }
    }

    /**
     * Removes the entry of a dead cell if exactly {@code version} is held, from memory only;
     * whether it was. After a restart the cell may be there again; what it covered never is.
     */
    public boolean forget(Key key, Version version) {
        return applier.forget(key, version);
    }

    /**
     * Gives up a copy that belongs to others, if exactly {@code version} is held.
     *
     * @param done gets whether it was, once the copy cannot come back; false also on a full disk
     */
    public void giveUp(Key key, Version version, Consumer<Boolean> done) {
        applier.giveUp(key, version, done);
    }

    // ---- the index

    /** Hears of every entry there is, at once, and of every change from now on. */
    public void onChange(LeafListener listener) {
        index.listen(listener);
    }

    /** The entries of a leaf in unsigned token order; without those that are damaged. */
    public List<EntryRef> leaf(int leaf) {
        return queries.leaf(leaf);
    }

    /** The cells with this token; without those that are damaged. */
    public List<StoredCell> byToken(long token) {
        List<StoredCell> found = new ArrayList<>();
        for (KeyIndex.Slot slot : queries.slots(token)) {
            StoredCell cell = slot.damaged() ? null : load(slot);
            if (cell != null) {
                found.add(cell);
            } else {
                meetDamage(slot);
            }
        }
        return found;
    }

    /**
     * Cells that are dead since before {@code deadBeforeMillis}: tombstones and expired values.
     *
     * @param fromLeaf 0 at first, then {@link TombstonePage#nextLeaf}
     * @param limit about how many; a leaf is never cut in two
     */
    public TombstonePage tombstones(long deadBeforeMillis, int fromLeaf, int limit) {
        return queries.tombstones(deadBeforeMillis, fromLeaf, limit);
    }

    /**
     * The first {@code limit} keys of {@code prefix} after {@code after}, in key order; looked for
     * in steps, so that a large index does not hold up the event loop.
     */
    public void scan(byte[] prefix, @Nullable Key after, int limit, Consumer<ScanPage> done) {
        queries.scan(ports.scheduler(), prefix, after, limit, done);
    }

    /** Values that are neither tombstones nor (yet counted as) expired. */
    public long liveKeys() {
        return index.entries() - index.tombstones();
    }

    /** Whether it holds no key at all, not even a tombstone. */
    public boolean isEmpty() {
        return index.entries() == 0;
    }

    public long tombstoneCount() {
        return index.tombstones();
    }

    // ---- damage

    /**
     * The leaves in which something could not be read. Until {@link #damageRepaired} an owner must
     * only take entries of such a leaf from others, never give it as the truth.
     */
    public BitSet damagedLeaves() {
        return damage.leaves();
    }

    /** Says that a leaf has been compared with the other owners, and what they had is here. */
    public void damageRepaired(int leaf) {
        if (!damage.clear(leaf)) {
            return;
        }
        index.removeDamaged(leaf);
        damageFile.writeSoon();
    }

    // ---- upkeep

    /** Writes a snapshot of the index now; {@code done} gets a sentence about it. */
    public void snapshot(Consumer<String> done) {
        snapshotter.run(done);
    }

    /** Compacts every segment there is now; {@code done} gets a sentence about it. */
    public void compact(Consumer<String> done) {
        compactor.runAll(done);
    }

    public StoreStatus status() {
        long live = index.use().liveBytes();
        return new StoreStatus(
                index.entries(),
                liveKeys(),
                tombstoneCount(),
                log.status(),
                live,
                log.bytes() - live,
                damage.count(),
                damagedReads,
                reads,
                snapshotStatus(),
                compactionStatus(),
                start);
    }

    public StoreStatus.Snapshot snapshotStatus() {
        return snapshotter.status();
    }

    public StoreStatus.Compaction compactionStatus() {
        return compactor.status();
    }

    /** Writes and forces what waits, and closes the files; then runs {@code done}. */
    public void close(Runnable done) {
        closed = true;
        compactor.stop();
        log.close(() -> clock.change(record -> record, done));
    }
}

package dev.minidynamo.store;

import dev.minidynamo.wal.LogMark;
import dev.minidynamo.wal.LogPosition;
import dev.minidynamo.wal.OpenRequest;
import dev.minidynamo.wal.Recovery;
import dev.minidynamo.wal.SegmentedLog;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Opens a store: snapshot, replay of what follows it, and a verdict on what cannot be read.
 *
 * <p>All of the work is done on the log's worker; the index is handed over when it is complete.
 */
final class StoreOpener {

    private final StorePorts ports;
    private final StoreOptions options;
    private final Consumer<WalStore> opened;
    private final Consumer<IOException> failed;
    private final List<String> notes = new ArrayList<>();
    private final CellView view = new CellView();
    private final long startNanos;
    private long unreadable;
    private Set<Long> lostSegments = Set.of();

    StoreOpener(
            StorePorts ports,
            StoreOptions options,
            Consumer<WalStore> opened,
            Consumer<IOException> failed) {
        this.ports = ports;
        this.options = options;
        this.opened = opened;
        this.failed = failed;
        this.startNanos = ports.clock().monotonicNanos();
    }

    void start() {
        ports.logWorker()
                .submit(
                        () -> new DirectoryReader(ports, options, notes).read(),
                        this::openLog,
                        failed::accept);
    }

    private void openLog(StartState state) {
        KeyIndex index = state.index();
        OpenRequest request =
                new OpenRequest(
                        state.replayFrom(),
                        state.clock().durable(),
                        (position, frame, bytes, from, length) -> {
                            if (view.parse(bytes, from, length)) {
                                index.replay(view, bytes, from, length, position, frame);
                            } else {
                                unreadable++;
                            }
                        },
                        this::tell);
        SegmentedLog.open(
                ports.logPorts(), options.log(), request, log -> settle(state, log), failed);
    }

    private void tell(int done, int segments, long records) {
        if (segments > 1) {
            ports.progress()
                    .accept(
                            "Replayed "
                                    + done
                                    + " of "
                                    + segments
                                    + " log segments, "
                                    + records
                                    + " records.");
        }
    }

    private void settle(StartState state, SegmentedLog.Opened log) {
        LogMark end = log.log().end();
        long first = log.log().firstSegment();
        lostSegments = log.log().lostSegments();
        Recovery recovery = log.recovery();
        ports.logWorker()
                .submit(
                        () -> {
                            boolean changed = judge(state, recovery, first, end);
                            if (changed) {
                                DirectoryReader.damageFile(ports.disk(), options)
                                        .write(DamageMap.VERSION, state.damage().encode());
                            }
                            return changed;
                        },
                        changed -> ready(state, log),
                        failed::accept);
    }

    /** Takes out entries without a record, and marks what damage may have hidden. */
    private boolean judge(StartState state, Recovery recovery, long first, LogMark end) {
        boolean changed = false;
        for (int leaf = 0; leaf < KeyIndex.LEAVES; leaf++) {
            Bucket bucket = state.index().bucket(leaf);
            for (int i = bucket == null ? 0 : bucket.count(); bucket != null && i > 0; i--) {
                changed |= judge(state, recovery, first, end, new KeyIndex.Slot(bucket, i - 1));
            }
        }
        for (Recovery.Damage damage : recovery.damage()) {
            boolean anywhere = damage.fromOffset() == damage.toOffset();
            if (anywhere || damage.end() >= state.replayFrom().position()) {
                state.damage().addUnknown(damage.end(), end.position());
                changed = true;
            }
        }
        return changed;
    }

    private boolean judge(
            StartState state, Recovery recovery, long first, LogMark end, KeyIndex.Slot slot) {
        if (slot.damaged()) {
            return false;
        }
        long position = slot.position();
        boolean dropped = LogPosition.segment(position) < first;
        boolean lost =
                position >= end.position() || lostSegments.contains(LogPosition.segment(position));
        for (Recovery.Damage damage : recovery.damage()) {
            lost |= damage.covers(position);
        }
        if (lost) {
            state.damage().addLeaf(KeyIndex.leafOf(slot.bucket().token(slot.index())));
            state.index().markDamaged(slot);
        } else if (dropped) {
            state.index().remove(slot);
        }
        return lost;
    }

    private void ready(StartState state, SegmentedLog.Opened log) {
        notes.addAll(log.recovery().notes());
        if (unreadable > 0) {
            notes.add(unreadable + " whole records were not cells and have been passed over.");
        }
        long millis = (ports.clock().monotonicNanos() - startNanos) / 1_000_000;
        StartReport report = new StartReport(millis, log.recovery(), List.copyOf(notes));
        WalStore store = new WalStore(ports, options, state, log.log(), report);
        if (!log.recovery().damage().isEmpty()) {
            log.log().acknowledgeDamage(() -> {});
        }
        notes.forEach(ports.progress());
        opened.accept(store);
    }
}

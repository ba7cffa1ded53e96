package dev.minidynamo.hints;

import dev.minidynamo.env.Disk;
import dev.minidynamo.env.DiskFullException;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.membership.Membership.Liveness;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Reply;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The hints of a node: writes that a replica has missed, kept durably until it has them.
 *
 * <p>Each target has a log, an index and a delivery of its own, so that no target waits for
 * another. A hint leaves when its target has acknowledged it or a newer one replaces it. One that
 * will not be delivered, because its target left the ring, or the write is older than {@link
 * HintOptions#maxAgeMillis} and this node is a replica of it too, leaves once the own store has its
 * cell (P1); the latter is counted and reported to the {@link HintLossListener}s. No tombstone is
 * reaped while a node has a hint for an older version, so a late hint brings nothing back (P7).
 *
 * <p>All methods are for the event loop. Source: DeCandia et al., "Dynamo", SOSP 2007, §4.6.
 */
public class HintManager {

    static final String DIRECTORY = "hints";
    private static final long HOUSEKEEPING_MILLIS = 250;

    private final HintPorts ports;
    private final HintOptions options;
    private final HintCodec codec = new HintCodec();
    private final Map<NodeId, TargetHints> targets = new TreeMap<>();

    /** What is to be stored for a target as soon as its new log is open. */
    private final Map<NodeId, OpeningLog> opening = new TreeMap<>();

    private final List<NodeId> damagedAtStart = new ArrayList<>();
    private final List<HintLossListener> listeners = new ArrayList<>();
    private Scheduler.@Nullable Timer timer;
    private boolean paused;
    private boolean closed;
    private final Consumer<String> fatal;
    private boolean failed;
    private long adoptedForStrangers;

    private HintManager(HintPorts ports, HintOptions options) {
        this.ports =
                new HintPorts(
                        ports.disk(),
                        ports.worker(),
                        ports.clock(),
                        ports.scheduler(),
                        ports.transport(),
                        ports.membership(),
                        ports.own(),
                        this::fatal);
        this.fatal = ports.fatal();
        this.options = options;
    }

    /**
     * Opens the hints that the disk holds.
     *
     * @param opened gets the manager, ready and already delivering, on the event loop
     * @param failed gets what keeps it from starting, on the event loop; torn or damaged logs do
     *     not
     */
    public static void open(
            HintPorts ports,
            HintOptions options,
            Consumer<HintManager> opened,
            Consumer<IOException> failed) {
        HintManager manager = new HintManager(ports, options);
        ports.worker()
                .submit(
                        () -> logs(ports.disk()),
                        names -> manager.openAll(new ArrayList<>(names), opened, failed),
                        failed::accept);
    }

    /** The targets that have a log; what is no node's is left alone. */
    private static List<String> logs(Disk disk) throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : disk.list(DIRECTORY)) {
            if (!disk.list(DIRECTORY + "/" + name).isEmpty()) {
                names.add(name);
            }
        }
        return names;
    }

    private void openAll(
            List<String> names, Consumer<HintManager> opened, Consumer<IOException> failed) {
        while (!names.isEmpty()) {
            NodeId target = parse(names.removeFirst());
            if (target != null) {
                openTarget(
                        target,
                        hints -> {
                            targets.put(target, hints);
                            openAll(names, opened, failed);
                        },
                        failure -> notOpenedAtStart(target, failure, names, opened, failed));
                return;
            }
        }
        ports.membership().onChange(this::livenessChanged);
        keepHouseRegularly();
        opened.accept(this);
        targets.values().forEach(hints -> hints.delivery().pump());
    }

    /** Goes on without a log that was never used, of which a full disk lets nothing be made. */
    private void notOpenedAtStart(
            NodeId target,
            IOException failure,
            List<String> names,
            Consumer<HintManager> opened,
            Consumer<IOException> failed) {
        ports.worker()
                .submit(
                        () ->
                                failure instanceof DiskFullException
                                        && !logs(ports.disk()).contains(target.toString()),
                        nothing -> {
                            if (nothing) {
                                openAll(names, opened, failed);
                            } else {
                                failed.accept(failure);
                            }
                        },
                        failed::accept);
    }

    private static @Nullable NodeId parse(String name) {
        try {
            return new NodeId(name);
        } catch (IllegalArgumentException stranger) {
            return null;
        }
    }

    private void openTarget(
            NodeId target, Consumer<TargetHints> opened, Consumer<IOException> failed) {
        HintLog.open(
                target,
                ports,
                options,
                found -> {
                    HintIndex index = found.replay().index;
                    TargetHints hints =
                            new TargetHints(found.log(), index, codec, ports, options, this::lost);
                    long damages = found.recovery().damage().size() + found.replay().unreadable();
                    hints.begin(damages);
                    if (damages > 0) {
                        damagedAtStart.add(target);
                    }
                    opened.accept(hints);
                },
                failed);
    }

    private void livenessChanged(NodeId node, Liveness liveness) {
        TargetHints hints = targets.get(node);
        if (hints != null && liveness == Liveness.UP && !closed) {
            hints.delivery().targetUp();
        }
    }

    /** From the first hint on: a node that never had one needs no timer. */
    private void keepHouseRegularly() {
        if (timer == null && !closed && !targets.isEmpty()) {
            timer = ports.scheduler().every(HOUSEKEEPING_MILLIS, this::keepHouse);
        }
    }

    private void keepHouse() {
        if (closed) {
            return;
        }
        for (TargetHints hints : List.copyOf(targets.values())) {
            hints.keepHouse();
            if (hints.isDoneWith()) {
                targets.remove(hints.target);
                adoptedForStrangers += hints.counters.adopted;
                hints.remove();
            }
        }
    }

    /** Passes on the first failure of any log; after it nothing is answered any more. */
    private void fatal(String why) {
        if (!failed) {
            failed = true;
            fatal.accept(why);
        }
    }

    private void lost(NodeId target, @Nullable Key key, HintLossListener.Loss loss) {
        listeners.forEach(listener -> listener.lost(target, key, loss));
    }

    /**
     * Lets {@code listener} hear of every hint that will not be delivered, beginning with the logs
     * that were found damaged at the start.
     */
    public void onLoss(HintLossListener listener) {
        listeners.add(listener);
        damagedAtStart.forEach(
                target -> listener.lost(target, null, HintLossListener.Loss.DAMAGED));
    }

    /**
     * Keeps a cell for a node that has missed it.
     *
     * @param done called once, possibly from within this call, never after the disk failed: {@link
     *     HintResult.Stored} only when the hint is durable
     */
    public void store(NodeId target, Key key, Cell cell, Consumer<HintResult> done) {
        if (closed) {
            return;
        }
        TargetHints hints = targets.get(target);
        if (hints != null) {
            hints.store(key, cell, done);
            return;
        }
        OpeningLog log = opening.get(target);
        if (log == null) {
            log = openNew(target);
        }
        if (!log.add(key, cell, done)) {
            lost(target, key, HintLossListener.Loss.OVERFLOWED);
            done.accept(new HintResult.Overflowed());
        }
    }

    private OpeningLog openNew(NodeId target) {
        OpeningLog log = new OpeningLog();
        opening.put(target, log);
        openTarget(
                target,
                created -> opened(target, log, created),
                failure -> notOpened(target, log, failure));
        return log;
    }

    private void opened(NodeId target, OpeningLog log, TargetHints created) {
        targets.put(target, created);
        keepHouseRegularly();
        created.delivery().setPaused(paused);
        opening.remove(target);
        log.storeIn(created);
    }

    private void notOpened(NodeId target, OpeningLog log, IOException failure) {
        if (failure instanceof DiskFullException) {
            opening.remove(target);
            log.answer(new HintResult.DiskFull("the disk is full"));
        } else {
            ports.fatal()
                    .accept(
                            "the hint log for "
                                    + target
                                    + " cannot be made: "
                                    + failure.getMessage());
        }
    }

    /** The newest cell that is durably hinted for any target, or null; reads the disk. */
    public @Nullable Cell find(Key key) {
        TargetHints best = null;
        Version newest = null;
        for (TargetHints hints : targets.values()) {
            Version version = hints.newest(key);
            if (version != null && (newest == null || version.isNewerThan(newest))) {
                best = hints;
                newest = version;
            }
        }
        if (best == null) {
            return null;
        }
        Cell cell = best.find(key);
        // A damaged hint was dropped just now; there may be another.
        return cell == null ? find(key) : cell;
    }

    /** The durable hints that are held for a key, in the order of their targets. */
    public List<Reply.HeldHint> heldFor(Key key) {
        List<Reply.HeldHint> held = new ArrayList<>();
        for (TargetHints hints : targets.values()) {
            Reply.HeldHint one = hints.held(key);
            if (one != null) {
                held.add(one);
            }
        }
        return held;
    }

    /** Whether a hint that may still be delivered holds an older version of a key (P7). */
    public boolean holdsOlderThan(Key key, Version version) {
        for (TargetHints hints : targets.values()) {
            if (hints.holdsOlderThan(key, version)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes the cells of hints for nodes that are not in the ring into the own store, from which
     * they find their new owners, and then drops the hints and their files.
     */
    public void retainTargets(Set<NodeId> ring) {
        for (TargetHints hints : targets.values()) {
            if (!ring.contains(hints.target)) {
                hints.targetLeft();
            }
        }
    }

    /** Holds delivery back, or lets it go on; for tests and scenarios. */
    public void setPaused(boolean now) {
        paused = now;
        targets.values().forEach(hints -> hints.delivery().setPaused(now));
    }

    /** Drops all hints for a node; for tests and scenarios. */
    public void dropAll(NodeId target) {
        TargetHints hints = targets.get(target);
        if (hints != null) {
            hints.dropAll();
        }
    }

    /** What is held and what became of the rest, for people. */
    public HintStatus status() {
        long count = 0;
        long bytes = 0;
        long logBytes = 0;
        long adopted = adoptedForStrangers;
        List<HintStatus.Target> list = new ArrayList<>();
        for (TargetHints hints : targets.values()) {
            HintStatus.Target one = hints.status();
            list.add(one);
            count += one.count();
            bytes += one.bytes();
            logBytes += one.logBytes();
            adopted += hints.counters.adopted;
        }
        return new HintStatus(count, bytes, logBytes, paused, List.copyOf(list), adopted);
    }

    /** Ends delivery and closes the logs; what is held stays on disk. */
    public void close(Runnable done) {
        closed = true;
        if (timer != null) {
            timer.cancel();
        }
        Map<NodeId, TargetHints> left = new LinkedHashMap<>(targets);
        if (left.isEmpty()) {
            ports.scheduler().execute(done);
            return;
        }
        for (TargetHints hints : targets.values()) {
            hints.close(() -> {
                left.remove(hints.target);
                if (left.isEmpty()) {
                    done.run();
                }
            });
        }
    }
}

package dev.minidynamo.sim;

import dev.minidynamo.sim.SimNode.End;
import dev.minidynamo.sim.Step.Fault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Does to the cluster what a {@link Fault} says, and undoes it when its time is over. */
final class FaultInjector {

    private static final int BLOCK = 256;

    private final SimCluster cluster;
    private boolean healed;

    FaultInjector(SimCluster cluster) {
        this.cluster = cluster;
    }

    void inject(Fault fault) {
        cluster.trace.add(30, fault.kind().ordinal(), fault::toString);
        SimNode node = cluster.nodes.get(fault.node());
        switch (fault.kind()) {
            case KILL, LONG_ABSENCE -> node.endFor(End.KILL, fault.millis());
            case POWER_LOSS -> node.endFor(End.POWER_LOSS, fault.millis());
            case RESTART_STORM -> storm(fault);
            case PAUSE, LONG_PAUSE -> node.pause(fault.millis());
            case WIPE -> wipe(node, fault.millis());
            case OLD_BACKUP -> backup(node, fault.millis());
            case OTHER_RING -> otherRing(node, fault.millis());
            case ISOLATE, CUT, CUT_ONE_WAY, SPLIT, FLAP, LOSS, DUPLICATE, SLOW_LINK, HOLD ->
                    onNetwork(fault);
            case CLOCK_JUMP, CLOCK_DRIFT, CLOCK_FREEZE, CLOCK_STEP, CLOCK_BACK_AT_RESTART ->
                    onClock(node, fault);
            case CRASH_AT_DISK_OPERATION,
                    DISK_FULL,
                    FULL_RESTART,
                    READ_ERROR,
                    WRITE_ERROR,
                    FORCE_ERROR,
                    SLOW_DISK,
                    BIT_FLIP,
                    UNREADABLE_SECTOR,
                    LOST_FILE,
                    MISPLACED_BLOCK,
                    MISDIRECTED_WRITE ->
                    onDisk(node, fault);
            case COMPACT -> compact(node);
        }
    }

    /** Ends all faults, and keeps those from coming back whose time is not over yet. */
    void heal() {
        healed = true;
        cluster.trace.add(31, 0, () -> "heal");
        cluster.network.links().heal();
        cluster.nodes.forEach(SimNode::heal);
    }

    private void undoAfter(long millis, Runnable undo) {
        cluster.after(
                millis,
                () -> {
                    if (!healed) {
                        undo.run();
                    }
                });
    }

    // ---- processes

    private void storm(Fault fault) {
        long pause = 0;
        for (SimNode node : cluster.nodes) {
            node.endFor(End.POWER_LOSS, 100 + pause);
            pause += fault.millis() / cluster.nodes.size();
        }
    }

    private void wipe(SimNode node, long millis) {
        cluster.watch.destroyed(node);
        node.endFor(End.KILL, millis);
        node.disk().lose();
    }

    private void backup(SimNode node, long millis) {
        SimDisk copy = node.copyOfDisk();
        undoAfter(
                millis,
                () -> {
                    cluster.watch.destroyed(node);
                    cluster.trace.add(32, node.index, () -> node.id + " gets its old backup");
                    node.endFor(End.KILL, 200);
                    node.replaceDisk(copy);
                });
    }

    private void otherRing(SimNode node, long millis) {
        node.useOtherRing(true);
        node.endFor(End.KILL, 100);
        undoAfter(
                millis,
                () -> {
                    node.useOtherRing(false);
                    node.endFor(End.KILL, 100);
                });
    }

    private static void compact(SimNode node) {
        if (node.node() != null && !node.paused()) {
            node.node().store().snapshot(done -> {});
            node.node().store().compact(done -> {});
        }
    }

    // ---- network

    private void onNetwork(Fault fault) {
        SimNetwork.Links links = cluster.network.links();
        int a = fault.node();
        int b = fault.other();
        switch (fault.kind()) {
            case ISOLATE -> split(1L << a, fault.millis());
            case SPLIT -> split(fault.amount(), fault.millis());
            case CUT -> split(List.of(new int[] {a, b}, new int[] {b, a}), fault.millis());
            case CUT_ONE_WAY -> split(List.of(new int[] {a, b}), fault.millis());
            case FLAP -> flap(fault, cluster.loop.nowMillis() + fault.millis());
            case LOSS -> {
                links.lose((int) fault.amount());
                undoAfter(fault.millis(), () -> links.lose(0));
            }
            case DUPLICATE -> {
                links.duplicate((int) fault.amount());
                undoAfter(fault.millis(), () -> links.duplicate(0));
            }
            case SLOW_LINK -> {
                links.slow(a, b, fault.amount());
                undoAfter(fault.millis(), () -> links.slow(a, b, 0));
            }
            case HOLD -> {
                links.hold(a, b, fault.amount());
                undoAfter(fault.millis(), () -> links.hold(a, b, 0));
            }
            default -> throw new IllegalArgumentException(fault.toString());
        }
    }

    private void split(long group, long millis) {
        List<int[]> pairs = new ArrayList<>();
        for (int a = 0; a < cluster.shape.nodes(); a++) {
            for (int b = 0; b < cluster.shape.nodes(); b++) {
                if ((group >>> a & 1) != (group >>> b & 1)) {
                    pairs.add(new int[] {a, b});
                }
            }
        }
        split(pairs, millis);
    }

    private void split(List<int[]> pairs, long millis) {
        SimNetwork.Links links = cluster.network.links();
        pairs.forEach(pair -> links.cut(pair[0], pair[1], 1));
        undoAfter(millis, () -> pairs.forEach(pair -> links.cut(pair[0], pair[1], -1)));
    }

    private void flap(Fault fault, long untilMillis) {
        if (!healed && cluster.loop.nowMillis() < untilMillis) {
            int a = fault.node();
            int b = fault.other();
            split(List.of(new int[] {a, b}, new int[] {b, a}), fault.amount());
            cluster.after(2 * fault.amount(), () -> flap(fault, untilMillis));
        }
    }

    // ---- clocks

    private void onClock(SimNode node, Fault fault) {
        switch (fault.kind()) {
            case CLOCK_JUMP -> node.clock.jump(fault.amount());
            case CLOCK_DRIFT -> node.clock.drift(fault.amount());
            case CLOCK_STEP ->
                    step(node, fault.amount(), cluster.loop.nowMillis() + fault.millis());
            case CLOCK_BACK_AT_RESTART -> {
                node.endFor(End.KILL, 50 + fault.millis() % 100);
                node.clock.jump(-fault.amount());
            }
            default -> node.clock.freeze(true);
        }
        undoAfter(fault.millis(), node.clock::correct);
    }

    private void step(SimNode node, long byMillis, long untilMillis) {
        if (!healed && cluster.loop.nowMillis() < untilMillis) {
            node.clock.jump(byMillis);
            cluster.after(200, () -> step(node, -byMillis, untilMillis));
        }
    }

    // ---- disks

    private void onDisk(SimNode node, Fault fault) {
        SimDisk disk = node.disk();
        switch (fault.kind()) {
            case CRASH_AT_DISK_OPERATION ->
                    node.endAtDiskOperation(
                            fault.amount(),
                            fault.amount() % 2 == 0 ? SimNode.End.POWER_LOSS : SimNode.End.KILL);
            case DISK_FULL -> fill(disk, fault);
            case FULL_RESTART -> restartFull(node, fault);
            case READ_ERROR -> {
                cluster.watch.destroyed(node);
                node.faults.failReads(fault.amount());
                undoAfter(fault.millis(), node.faults::clear);
            }
            case WRITE_ERROR -> node.faults.failChange(fault.amount());
            case FORCE_ERROR -> node.faults.failForce(fault.amount());
            case SLOW_DISK -> {
                disk.setLatency(fault.amount() * 1_000_000, 2_000);
                undoAfter(fault.millis(), () -> disk.setLatency(140_000, 2_000));
            }
            case BIT_FLIP, UNREADABLE_SECTOR, LOST_FILE, MISPLACED_BLOCK -> damage(node, fault);
            case MISDIRECTED_WRITE ->
                    disk.misdirectWrite(fault.amount(), () -> cluster.watch.misdirected(node));
            default -> throw new IllegalArgumentException(fault.toString());
        }
    }

    private void fill(SimDisk disk, Fault fault) {
        disk.setCapacityBytes(disk.usedBytes() + fault.amount());
        undoAfter(fault.millis(), () -> disk.setCapacityBytes(Long.MAX_VALUE));
    }

    /** The process begins new files, ends when a third of the time is over, and is back soon. */
    private void restartFull(SimNode node, Fault fault) {
        undoAfter(fault.millis(), node::checkStarted);
        fill(node.disk(), fault);
        compact(node);
        End end = fault.amount() % 2 == 0 ? End.KILL : End.POWER_LOSS;
        undoAfter(fault.millis() / 3, () -> node.endFor(end, 100));
    }

    private void damage(SimNode node, Fault fault) {
        SimDisk disk = node.disk();
        List<String> paths =
                disk.paths().stream().filter(path -> disk.bytes(path).length > 0).toList();
        if (paths.isEmpty()) {
            return;
        }
        cluster.watch.damaged(node);
        String path = paths.get((int) (fault.amount() % paths.size()));
        byte[] bytes = disk.bytes(path);
        long place = fault.amount() / paths.size() % bytes.length;
        cluster.trace.add(33, place, () -> node.id + ": damage to " + path + " at " + place);
        switch (fault.kind()) {
            case BIT_FLIP -> disk.flipBit(path, place * 8 + (fault.amount() >>> 40) % 8);
            case UNREADABLE_SECTOR -> {
                disk.spoilSector(path, (int) place);
                if ((fault.amount() >>> 40) % 2 == 0) {
                    node.endFor(End.KILL, 100);
                }
            }
            case LOST_FILE -> {
                node.endFor(End.KILL, fault.millis());
                disk.remove(path);
            }
            default -> {
                int from = (int) ((fault.amount() >>> 20) % bytes.length);
                int length = Math.min(BLOCK, bytes.length - from);
                disk.scribble(path, (int) place, Arrays.copyOfRange(bytes, from, from + length));
            }
        }
    }
}

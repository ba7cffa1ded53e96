package dev.minidynamo.sim;

import dev.minidynamo.hints.HintStatus;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;
import dev.minidynamo.node.Node;
import dev.minidynamo.store.ReadResult;
import dev.minidynamo.store.StoredMeta;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What must hold some time after all faults have ended and the clients have become quiet.
 *
 * <ul>
 *   <li>I1: of each acknowledged version, or a newer one, the owners hold a copy.
 *   <li>I3: all owners hold the same cell, at least as new as what is owed ({@link Ledger}).
 *   <li>I4: no hint is left.
 *   <li>I9: no cell is that of a rejected put or delete.
 *   <li>I10: nodes that do not own a key hold nothing for it.
 *   <li>I11: nothing is in flight or queued.
 *   <li>P7: what is dead is forgotten once the grace is over.
 * </ul>
 */
final class FinalCheck {

    private static final int MOST_BACKLOG = 2_000;
    private static final int MOST_CALLS = 20_000;

    /** A large value with what goes with it. */
    private static final int VALUE_BYTES = Workload.LARGE_BYTES + 200;

    private final SimCluster cluster;

    FinalCheck(SimCluster cluster) {
        this.cluster = cluster;
    }

    /** What still keeps the cluster from having converged; empty if nothing does. */
    String pending() {
        for (SimNode node : cluster.members()) {
            if (node.node() == null) {
                return node.id + " does not run";
            }
            Node running = node.node();
            if (!running.antiEntropy().synchronised()) {
                return node.id + " is not synchronised";
            }
            int outstanding = running.antiEntropy().status().partitionsToSynchronise();
            if (outstanding > 0) {
                return node.id + " has yet to compare " + outstanding + " partitions";
            }
            if (running.hints().status().count() > 0) {
                return node.id + " holds hints: " + running.hints().status().targets();
            }
        }
        for (Key key : cluster.keys) {
            String differs = differs(key);
            if (!differs.isEmpty()) {
                return differs;
            }
        }
        return "";
    }

    private String differs(Key key) {
        List<SimNode> owners = cluster.owners(cluster.newestRing(), key);
        StoredMeta first = meta(owners.getFirst(), key);
        for (SimNode node : cluster.members()) {
            StoredMeta meta = meta(node, key);
            if (!owners.contains(node)) {
                if (meta != null) {
                    return node.id + " holds " + meta + " and does not own it";
                }
            } else if (!Objects.equals(version(first), version(meta))) {
                return key
                        + ": "
                        + owners.getFirst().id
                        + " holds "
                        + first
                        + ", "
                        + node.id
                        + " holds "
                        + meta;
            } else if (node.node().store().read(key) instanceof ReadResult.Damaged) {
                return key + " is damaged at " + node.id; // until found by this, and repaired
            }
        }
        return "";
    }

    private static StoredMeta meta(SimNode node, Key key) {
        return node.node().store().meta(key);
    }

    private static Version version(StoredMeta meta) {
        return meta == null ? null : meta.version();
    }

    /** Checks the converged cluster. */
    void check() {
        cluster.watch.history().checkAllEnded();
        for (Key key : cluster.keys) {
            List<ReadResult> copies = new ArrayList<>();
            for (SimNode owner : cluster.owners(cluster.newestRing(), key)) {
                copies.add(owner.node().store().read(key));
            }
            copies.forEach(copy -> checkSame(key, copies.getFirst(), copy));
            checkNothingLost(key, copies.getFirst());
            cluster.watch.history().deletes().check(key);
        }
        checkBounds();
        checkNothingInFlight();
    }

    private static void checkSame(Key key, ReadResult first, ReadResult other) {
        Violation.check(
                first.equals(other),
                "I3",
                () -> "owners of " + key + " hold " + first + " and " + other);
    }

    private void checkNothingLost(Key key, ReadResult copy) {
        Version owed = cluster.watch.ledger().owed(key);
        switch (copy) {
            case ReadResult.Found(Cell cell) -> {
                Violation.check(
                        owed == null || cell.version().compareTo(owed) >= 0,
                        "I1",
                        () -> owed + " of " + key + " was acknowledged or read; left is " + cell);
                cluster.watch.saw(key, cell);
                if (cell instanceof Cell.Live live) {
                    cluster.watch.history().wasWritten(key, live);
                }
            }
            case ReadResult.Missing() ->
                    Violation.check(
                            owed == null || reaped(key, owed),
                            "I1",
                            () ->
                                    owed
                                            + " of "
                                            + key
                                            + " was acknowledged or read; nothing is left");
            case ReadResult.Damaged() ->
                    throw new Violation("I3", key + " is still damaged at its owners");
        }
    }

    /** P7: what is left of that which was dead at this time; empty if nothing is. */
    String unreaped(long deadSinceMillis) {
        for (SimNode node : cluster.members()) {
            if (node.node() == null) {
                return node.id + " does not run";
            }
            for (Key key : cluster.keys) {
                StoredMeta meta = meta(node, key);
                if (meta != null && meta.deadSinceMillis() <= deadSinceMillis) {
                    return node.id + " holds " + meta + ": " + node.node().reaper().status();
                }
            }
        }
        return "";
    }

    private boolean reaped(Key key, Version owed) {
        return cluster.watch.isDeadSince(key, owed, 0);
    }

    /** I11 at any time: queues are within their bounds. */
    void checkBounds() {
        for (SimNode node : cluster.nodes) {
            Violation.check(
                    node.backlog() <= MOST_BACKLOG,
                    "I11",
                    () -> node.id + " has " + node.backlog() + " jobs waiting");
            if (node.node() != null) {
                checkBounds(node, node.node());
            }
        }
        Violation.check(
                cluster.network.mostCalls() <= MOST_CALLS,
                "I11",
                () -> cluster.network.mostCalls() + " requests were without an answer at one time");
    }

    /**
     * The value that reaches a bound is still let in, a hint that is replaced stays until the new
     * one is durable, and reads are charged afterwards.
     */
    private void checkBounds(SimNode node, Node running) {
        long read = (long) cluster.shape.n() * cluster.watch.history().getsUnderWay(node);
        checkBytes(
                node,
                running.coordinator().status().inFlightBytes(),
                SimOptions.MOST_IN_FLIGHT_BYTES + VALUE_BYTES + read * Workload.LARGE_BYTES,
                "in flight");
        checkBytes(
                node,
                running.store().status().log().waitingBytes(),
                SimOptions.MOST_QUEUE_BYTES + VALUE_BYTES,
                "waiting for its log");
        for (HintStatus.Target target : running.hints().status().targets()) {
            checkBytes(
                    node,
                    target.bytes(),
                    SimOptions.mostHintBytes(cluster.shape.comparison()) + VALUE_BYTES,
                    "of hints for " + target.target());
        }
    }

    private static void checkBytes(SimNode node, long bytes, long most, String where) {
        Violation.check(
                bytes >= 0 && bytes <= most,
                "I11",
                () -> node.id + " has " + bytes + " bytes " + where);
    }

    private void checkNothingInFlight() {
        for (SimNode node : cluster.members()) {
            long bytes = node.node().coordinator().status().inFlightBytes();
            Violation.check(
                    bytes == 0,
                    "I11",
                    () -> node.id + " has " + bytes + " bytes in flight at the end");
        }
    }
}

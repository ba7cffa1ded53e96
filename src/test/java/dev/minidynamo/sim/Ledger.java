package dev.minidynamo.sim;

import dev.minidynamo.hints.HintLossListener;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.node.Node;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What must not get lost, and who has it.
 *
 * <ul>
 *   <li>I1: at every moment some node whose disk is whole holds what was acknowledged, or something
 *       newer, as its own or as a hint; what was acknowledged with a w of its own, as long as fewer
 *       than w disks were destroyed.
 *   <li>I3: in the end the owners hold what was acknowledged, and what was read. What was read but
 *       never acknowledged is owed only while some disk that holds it is whole: no store can bring
 *       back what was on destroyed disks alone, and P1 speaks of acknowledged writes.
 *   <li>I4: a hint that is no longer held was taken by its target, or its loss was reported; one
 *       for a node that was taken out of the ring was taken by its holder.
 * </ul>
 *
 * <p>A node that is taken out of the ring counts as a destroyed disk. A store loses nothing by
 * itself (I7), so I1 is looked at again when a cell is reaped, a copy is dropped or a disk
 * destroyed; while only hints hold a version, after every event.
 */
final class Ledger {

    /** A hint by its holder, target and key. */
    private record Hinted(int holder, int target, Key key) {}

    private final SimCluster cluster;
    private final Watch watch;
    private final KnownCopies acknowledged;
    private final Map<Key, Version> gone = new TreeMap<>();
    private final TreeSet<Key> onlyHinted = new TreeSet<>();
    private final Map<Hinted, Version> hints = new LinkedHashMap<>();

    Ledger(SimCluster cluster, Watch watch) {
        this.cluster = cluster;
        this.watch = watch;
        this.acknowledged = new KnownCopies(cluster, watch.unforced());
    }

    // ---- what happens

    /** A write was acknowledged with this w. */
    void acknowledged(Key key, Version version, int w) {
        acknowledged.add(key, version, w);
        onlyHinted.add(key); // until the event is over
        if (watch.unforced().lastLossNanos() >= 0) {
            surfaced(key, version); // perhaps its copies were lost meanwhile
        }
    }

    /** The highest version that more nodes have taken than disks were destroyed, or null. */
    private Version acknowledged(Key key) {
        return acknowledged.metBy(cluster.shape.n() - watch.disksLost(), key, 0);
    }

    /**
     * This version was read or acknowledged, or a disk was destroyed, or lost power, after that.
     */
    void surfaced(Key key, Version version) {
        boolean possible = watch.disksLost() > 0 || watch.unforced().lastLossNanos() >= 0;
        boolean lost = possible && !isStored(key, version) && !isHinted(key, version);
        if (lost && !version.equals(acknowledged(key))) {
            gone.merge(key, version, History::higher);
        }
    }

    void hintAcknowledged(SimNode holder, Request.Write write) {
        Hinted hint = new Hinted(holder.index, Shape.index(write.hintFor()), write.key());
        hints.merge(hint, write.cell().version(), History::higher);
    }

    void opened(SimNode node, Node running) {
        running.hints().onLoss((target, key, loss) -> lost(node, target, key, loss));
        if (watch.unforced().possible()) {
            lookAtAll();
        }
    }

    private void lost(SimNode holder, NodeId target, Key key, HintLossListener.Loss loss) {
        int to = Shape.index(target);
        cluster.trace.add(
                40,
                to,
                () -> holder.id + " lost a hint for " + target + " of " + key + ": " + loss);
        hints.keySet()
                .removeIf(hint ->
                        hint.holder == holder.index
                                && hint.target == to
                                && (key == null || hint.key.equals(key)));
    }

    /** A disk is gone. */
    void lost(SimNode node) {
        hints.keySet().removeIf(hint -> hint.holder == node.index);
        lookAtAll();
    }

    /** A node is back at what it had forced. */
    void powerLost(SimNode node) {
        for (Hinted hint : List.copyOf(hints.keySet())) {
            if (hint.holder == node.index) {
                Version forced = watch.unforced().forced(node, hint.target, hint.key);
                hints.computeIfPresent(hint, (h, version) -> lower(version, forced));
            }
        }
        lookAtAll();
    }

    private static Version lower(Version version, Version bound) {
        return bound == null || version.isNewerThan(bound) ? bound : version;
    }

    private void lookAtAll() {
        for (Key key : cluster.keys) {
            lookAt(key);
            Version version = watch.history().surfaced(key);
            if (version != null) {
                surfaced(key, version);
            }
        }
    }

    // ---- what must hold

    /**
     * P1: a node that was away for longer than the grace buries what the others lack, under a
     * tombstone that is one tick newer, but never a value that W nodes have acknowledged. No
     * client's delete has that version: the clocks have gone on.
     */
    void deleted(SimNode node, Key key, Version before, Version tombstone) {
        boolean bury =
                tombstone.timestamp() == before.timestamp() + 1
                        && tombstone.writer().equals(node.id)
                        && !cluster.anyClockWrong
                        && watch.ageMillis(before) > SimOptions.GRACE_MILLIS / 2;
        Shape shape = cluster.shape;
        Violation.check(
                !bury || !before.equals(acknowledged.metBy(shape.n(), key, shape.w())),
                "I1",
                () -> node.id + " buried the acknowledged " + before + " of " + key);
    }

    /** I3: the least version that the owners must hold in the end; null if they need none. */
    Version owed(Key key) {
        Version version = watch.history().surfaced(key);
        Version lost = gone.get(key);
        return lost != null && lost.compareTo(version) >= 0 ? acknowledged(key) : version;
    }

    /** I1 for the keys of which no store holds what was acknowledged. */
    void afterEvent() {
        if (!onlyHinted.isEmpty()) {
            List.copyOf(onlyHinted).forEach(this::lookAt);
        }
    }

    /** I1: looks who holds what was acknowledged of a key. */
    void lookAt(Key key) {
        Version version = acknowledged(key);
        if (version == null || isStored(key, version)) {
            onlyHinted.remove(key);
            return;
        }
        onlyHinted.add(key);
        Violation.check(
                isHinted(key, version) || isForgotten(key, version),
                "I1",
                () -> "nobody holds the acknowledged " + version + " of " + key);
    }

    private boolean isStored(Key key, Version version) {
        for (SimNode node : cluster.nodes) {
            Version held =
                    History.higher(watch.heldBy(node, key), watch.unforced().left(node, key));
            if (held != null && held.compareTo(version) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Looks at what a node that is down held last, of which its disk has what is forced. */
    private boolean isHinted(Key key, Version version) {
        for (SimNode node : cluster.nodes) {
            if (node.last() != null && !watch.isLost(node)) {
                for (Reply.HeldHint hint : node.last().hints().heldFor(key)) {
                    Version left = watch.unforced().left(node, key, hint);
                    if (left != null && left.compareTo(version) >= 0) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean isForgotten(Key key, Version version) {
        Version everywhere = watch.heldByAll().heldOnAnyRing(key);
        return (watch.anyDestroyed() || (everywhere != null && everywhere.compareTo(version) >= 0))
                && watch.isDeadSince(key, version, 0);
    }

    /** I4: every hint is still held, was taken by its target, or was reported as lost. */
    void checkHints() {
        List<Hinted> settled = new ArrayList<>();
        hints.forEach((hint, version) -> {
            Node holder = cluster.nodes.get(hint.holder).node();
            if (holder == null || holds(holder, hint, version)) {
                return;
            }
            Violation.check(
                    hasTaken(hint.target, hint.key, version)
                            || (!onRing(hint) && hasTaken(hint.holder, hint.key, version)),
                    "I4",
                    () ->
                            Shape.id(hint.holder)
                                    + " dropped its hint of "
                                    + version
                                    + " of "
                                    + hint.key
                                    + " for "
                                    + Shape.id(hint.target)
                                    + ", which nobody has taken");
            settled.add(hint);
        });
        settled.forEach(hints::remove);
    }

    private boolean hasTaken(int node, Key key, Version version) {
        Version taken = watch.highestEver(cluster.nodes.get(node), key);
        return taken != null && taken.compareTo(version) >= 0;
    }

    /** Whether the holder knows the target; a hint for another node is for the holder to take. */
    private boolean onRing(Hinted hint) {
        SimNode holder = cluster.nodes.get(hint.holder);
        return cluster.isOn(holder.ring(), cluster.nodes.get(hint.target));
    }

    private static boolean holds(Node holder, Hinted hint, Version version) {
        for (Reply.HeldHint held : holder.hints().heldFor(hint.key)) {
            if (held.target().equals(Shape.id(hint.target))
                    && held.version().compareTo(version) >= 0) {
                return true;
            }
        }
        return false;
    }
}

package dev.minidynamo.sim;

import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;
import dev.minidynamo.node.Node;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Request.Cause;
import dev.minidynamo.wal.SyncMode;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each node holds and may lose with the power, where nodes have {@code sync=interval(T)} (P1);
 * nothing where they have {@code sync=always}.
 *
 * <p>What a node has taken must be durable (I12) as soon as the node has run for T since, and the
 * worker of its logs has done all that it had to do by then: a log forces when its timer fires,
 * which was in between. A start forces all that it finds.
 *
 * <p>A write counts as lost on a node whose power failed before, if the node had the write when it
 * was acknowledged. What a node takes later, from a hint or a repair, replaces a copy that may have
 * been forced long ago, so its loss excuses nothing.
 */
final class Unforced {

    private static final int STORE = -1;

    /** A place for a cell: the store of a node, or its hints for a target. */
    private record Place(int node, int target, Key key) {}

    /**
     * What is in a place: what is forced, and what was taken since, at which times; and what a
     * power loss seems to have left of that, until the next start.
     */
    private static final class Contents {
        private Version forced;
        private Version left;
        private TreeMap<Version, Long> taken = new TreeMap<>();
    }

    /** A power loss of a node, as a key met it. */
    private record Loss(int node, Key key, Version forced, List<TreeMap<Version, Long>> taken) {

        boolean took(Version version, long byNanos) {
            return (forced == null || version.isNewerThan(forced))
                    && taken.stream()
                            .map(versions -> versions.ceilingEntry(version))
                            .anyMatch(first -> first != null && first.getValue() <= byNanos);
        }
    }

    private final SimCluster cluster;
    private final Durability durability;
    private final long intervalMillis;
    private final Map<Place, Contents> places = new LinkedHashMap<>();
    private final List<Loss> losses = new ArrayList<>();
    private final BitSet withoutPower = new BitSet();
    private long lastLossNanos = -1;

    Unforced(SimCluster cluster, Durability durability) {
        this.cluster = cluster;
        this.durability = durability;
        this.intervalMillis =
                cluster.shape.sync() instanceof SyncMode.Interval(long millis) ? millis : 0;
    }

    /** Whether nodes acknowledge what is not forced yet. */
    boolean possible() {
        return intervalMillis > 0;
    }

    /** When a node lost its power last, and with it perhaps what it had acknowledged. */
    long lastLossNanos() {
        return lastLossNanos;
    }

    /** On how many nodes a version was lost that so many nodes were known to hold at that time. */
    int lostCopies(Key key, Version version, long knownNanos) {
        return losses.isEmpty()
                ? 0
                : (int)
                        losses.stream()
                                .filter(loss -> loss.key.equals(key))
                                .filter(loss -> loss.took(version, knownNanos))
                                .map(Loss::node)
                                .distinct()
                                .count();
    }

    /** The highest version of a key that a node's store must have after a power loss, or null. */
    Version forced(SimNode node, Key key) {
        return forced(new Place(node.index, STORE, key));
    }

    /** The same of its hints for a target. */
    Version forced(SimNode node, int target, Key key) {
        return forced(new Place(node.index, target, key));
    }

    /** What is left in the store of a node that lost its power, or null. */
    Version left(SimNode node, Key key) {
        return left(new Place(node.index, STORE, key));
    }

    /** What is left of a hint that the node had when it ran last, or null. */
    Version left(SimNode node, Key key, Reply.HeldHint hint) {
        return withoutPower.get(node.index)
                ? left(new Place(node.index, Shape.index(hint.target()), key))
                : hint.version();
    }

    private Version left(Place place) {
        Contents contents = places.get(place);
        return contents == null ? null : History.higher(contents.forced, contents.left);
    }

    private Version forced(Place place) {
        Contents contents = places.get(place);
        return contents == null ? null : contents.forced;
    }

    // ---- what happens

    /** A store shows this version. */
    void shows(SimNode node, Key key, Version version) {
        takes(node, new Place(node.index, STORE, key), version);
    }

    /** A store holds nothing of a key any more. */
    void dropped(SimNode node, Key key) {
        places.remove(new Place(node.index, STORE, key));
    }

    /** What the node held is none of its promises any more. */
    void destroyed(SimNode node) {
        places.keySet().removeIf(place -> place.node == node.index);
        losses.removeIf(loss -> loss.node == node.index);
    }

    void afterEvent() {
        if (possible()) {
            for (SimNode node : cluster.nodes) {
                if (node.opened() != null) {
                    takesHints(node, node.opened());
                }
            }
        }
    }

    private void takesHints(SimNode node, Node running) {
        for (Key key : cluster.keys) {
            for (Reply.HeldHint hint : running.hints().heldFor(key)) {
                int target = Shape.index(hint.target());
                takes(node, new Place(node.index, target, key), hint.version());
            }
        }
    }

    private void takes(SimNode node, Place place, Version version) {
        Contents contents = places.computeIfAbsent(place, p -> new Contents());
        boolean known =
                contents.taken.containsKey(version)
                        || (contents.forced != null && !version.isNewerThan(contents.forced));
        if (!known) {
            long now = cluster.loop.nowNanos();
            contents.taken.put(version, now);
            node.afterJobsOf(
                    intervalMillis,
                    () -> {
                        dropEndedHints(node, node.opened());
                        Long taken = contents.taken.get(version);
                        if (places.get(place) == contents && taken != null && taken == now) {
                            isForced(node, place, contents, version);
                        }
                    });
        }
    }

    /** The leader has the confirmation of all owners, itself among them. */
    void asked(SimNode from, Request request) {
        if (request instanceof Request.ReapTombstones(List<Request.KeyVersion> tombstones)) {
            tombstones.forEach(tombstone -> reliedUpon(from, tombstone));
        }
    }

    /** Whoever hands over a copy drops its own, and whoever has a delete confirmed drops that. */
    void answered(SimNode node, Request request, Reply reply) {
        if (request instanceof Request.Write write
                && (write.cause() == Cause.HINT || write.cause() == Cause.ANTI_ENTROPY)) {
            if (reply instanceof Reply.Written) {
                reliedUpon(node, write.key(), write.cell().version());
            } else if (reply instanceof Reply.Superseded(Version current)) {
                reliedUpon(node, write.key(), current);
            }
        }
        if (request instanceof Request.ConfirmTombstones(List<Request.KeyVersion> tombstones)
                && reply instanceof Reply.Confirmed(List<Boolean> confirmed)) {
            for (int i = 0; i < tombstones.size(); i++) {
                if (confirmed.get(i)) {
                    reliedUpon(node, tombstones.get(i));
                }
            }
        }
    }

    private void reliedUpon(SimNode node, Request.KeyVersion tombstone) {
        reliedUpon(node, tombstone.key(), tombstone.version());
    }

    /**
     * Another node drops what this store holds, or lets it be dropped: it had to be forced first.
     */
    private void reliedUpon(SimNode node, Key key, Version version) {
        Place place = new Place(node.index, STORE, key);
        Contents contents = places.get(place);
        if (contents != null && contents.taken.containsKey(version)) {
            isForced(node, place, contents, version);
        }
    }

    private void isForced(SimNode node, Place place, Contents contents, Version version) {
        boolean damagedHint = place.target != STORE && cluster.watch.isLost(node);
        boolean durable =
                damagedHint
                        || contents.taken.tailMap(version).keySet().stream()
                                .anyMatch(
                                        v -> durability.isDurable(node, v, place.target != STORE));
        Violation.check(
                durable,
                "I12",
                () -> node.id + " has not forced " + version + " in time: " + place);
        contents.taken.headMap(version, true).clear();
        contents.forced = version;
        if (place.target == STORE) {
            cluster.watch.heldByAll().changed(node.ring(), place.key);
        }
    }

    /** A node has started: what it found is forced. */
    void opened(SimNode node, Node running) {
        if (!possible()) {
            return;
        }
        withoutPower.clear(node.index);
        takesHints(node, running);
        dropEndedHints(node, running);
        for (Map.Entry<Place, Contents> entry : List.copyOf(places.entrySet())) {
            Contents contents = entry.getValue();
            if (entry.getKey().node == node.index) {
                contents.left = null;
            }
            if (entry.getKey().node == node.index && !contents.taken.isEmpty()) {
                isForced(node, entry.getKey(), contents, contents.taken.lastKey());
            }
        }
    }

    private void dropEndedHints(SimNode node, Node running) {
        places.keySet()
                .removeIf(place ->
                        place.node == node.index
                                && place.target != STORE
                                && running.hints().heldFor(place.key).stream()
                                        .noneMatch(hint ->
                                                Shape.index(hint.target()) == place.target));
    }

    /** A node has nothing left but what it had forced. */
    void powerLost(SimNode node) {
        withoutPower.set(node.index);
        lastLossNanos = cluster.loop.nowNanos();
        if (node.last() != null) {
            dropEndedHints(node, node.last());
        }
        for (Key key : cluster.keys) {
            Version forced = null;
            List<TreeMap<Version, Long>> taken = new ArrayList<>();
            for (Map.Entry<Place, Contents> entry : places.entrySet()) {
                if (entry.getKey().node == node.index && entry.getKey().key.equals(key)) {
                    forced = History.higher(forced, entry.getValue().forced);
                    taken.add(entry.getValue().taken);
                    losePower(node, entry.getKey(), entry.getValue());
                }
            }
            losses.add(new Loss(node.index, key, forced, taken));
        }
    }

    private void losePower(SimNode node, Place place, Contents contents) {
        contents.left =
                contents.taken.descendingKeySet().stream()
                        .filter(version ->
                                durability.isDurable(node, version, place.target != STORE))
                        .findFirst()
                        .orElse(null);
        contents.taken = new TreeMap<>();
    }
}

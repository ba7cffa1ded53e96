package dev.minidynamo.sim;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.node.Node;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.store.EntryRef;
import dev.minidynamo.store.StoredMeta;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks at each store whenever it changes, and at each message.
 *
 * <ul>
 *   <li>I5: once all owners of a key hold a delete, no owner's store takes in anything older.
 *   <li>I7: the version that a store holds for a key never decreases, over crashes as well; it ends
 *       only by the reaping of a tombstone that is past its grace, or at a node that does not own
 *       the key.
 *   <li>P7: what is reaped was held by all owners, or something newer was.
 *   <li>I8: the same version of a key always has the same contents.
 *   <li>P8: while most clocks are right, no store takes in a version from the future.
 * </ul>
 *
 * A store whose disk was destroyed is exempt from I5 and I7 from then on. With {@code
 * sync=interval(T)} a power loss takes a store back to what it had forced ({@link Unforced}), and
 * all owners hold a delete when all have forced it.
 */
final class Watch implements SimNetwork.Observer {

    private static final long REAP_SLACK_MILLIS = 1_500;
    private static final long DRIFT_MILLIS = 2_000;

    /** What a store held when it was looked at last. */
    private record Held(Version version, long deadSinceMillis) {}

    /** Contents that go with a version. */
    private record Contents(long hash, boolean tombstone, long deadSinceMillis) {}

    private record Change(SimNode node, int leaf) {}

    private final SimCluster cluster;
    private final History history;
    private final Map<Key, TreeMap<Version, Contents>> contents = new TreeMap<>();
    private final Map<Key, TreeMap<Version, Cell>> cells = new TreeMap<>();
    private final List<Map<Key, Held>> held = new ArrayList<>();
    private final BitSet destroyed = new BitSet();
    private final BitSet lost = new BitSet();
    private final HeldByAll heldByAll;
    private final List<Map<Key, Version>> highestEver = new ArrayList<>();
    private final Ledger ledger;
    private final Durability durability;
    private final long[] lastStamps;
    private final List<Change> changes = new ArrayList<>();

    Watch(SimCluster cluster) {
        this.cluster = cluster;
        this.durability = new Durability(cluster);
        this.history = new History(cluster, this);
        this.ledger = new Ledger(cluster, this);
        this.heldByAll = new HeldByAll(cluster, this);
        this.lastStamps = new long[cluster.shape.nodes()];
        for (int i = 0; i < cluster.shape.nodes(); i++) {
            held.add(new TreeMap<>());
            highestEver.add(new TreeMap<>());
        }
        for (Key key : cluster.keys) {
            contents.put(key, new TreeMap<>());
            cells.put(key, new TreeMap<>());
        }
    }

    History history() {
        return history;
    }

    Clients clients() {
        return history.clients();
    }

    /** A file of a node was damaged: what its store shows may be on its disk no more. */
    void damaged(SimNode node) {
        List<Version> shown = held.get(node.index).values().stream().map(Held::version).toList();
        destroyed(node, shown);
    }

    /** The disk of a node was destroyed, in part or whole. */
    void destroyed(SimNode node) {
        destroyed(node, List.of());
    }

    private void destroyed(SimNode node, List<Version> shownBefore) {
        destroyed.set(node.index);
        durability.destroyed(node, shownBefore);
        lost(node);
    }

    /** What the node holds is gone, since its disk was destroyed or it is taken out of the ring. */
    void lost(SimNode node) {
        lost.set(node.index);
        held.get(node.index).clear();
        unforced().destroyed(node);
        ledger.lost(node);
    }

    /** A write of the node went elsewhere, so that not even the disk knows what was lost. */
    void misdirected(SimNode node) {
        destroyed(node);
        durability.misdirected(node);
    }

    /** Whether a disk was destroyed, or its node taken out of the ring. */
    boolean isLost(SimNode node) {
        return lost.get(node.index);
    }

    int disksLost() {
        return lost.cardinality();
    }

    int disksDestroyed() {
        return destroyed.cardinality();
    }

    boolean anyDestroyed() {
        return !destroyed.isEmpty();
    }

    Ledger ledger() {
        return ledger;
    }

    Unforced unforced() {
        return durability.unforced();
    }

    /** What a node's store held of a key when it was looked at last, or null. */
    Version heldBy(SimNode node, Key key) {
        Held last = held.get(node.index).get(key);
        return last == null ? null : last.version;
    }

    /** What a node's store holds of a key, whatever happens to its power, or null. */
    Version forcedBy(SimNode node, Key key) {
        return unforced().possible() ? unforced().forced(node, key) : heldBy(node, key);
    }

    /** The highest version that a node's store ever held of a key, or null. */
    Version highestEver(SimNode node, Key key) {
        return highestEver.get(node.index).get(key);
    }

    HeldByAll heldByAll() {
        return heldByAll;
    }

    /** Every version of a key that a store has held. */
    Set<Version> versionsHeld(Key key) {
        return contents.get(key).keySet();
    }

    /** Every tombstone that was seen of a key, in the order of their versions. */
    List<Version> tombstones(Key key) {
        return contents.get(key).entrySet().stream()
                .filter(e -> e.getValue().tombstone())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether this version of a key, or a newer one, has been dead for that long by now. */
    boolean isDeadSince(Key key, Version version, long millis) {
        long now = SimClock.START_MILLIS + cluster.loop.nowMillis();
        return contents.get(key).tailMap(version).values().stream()
                .anyMatch(c -> c.deadSinceMillis <= now - millis);
    }

    /** The highest timestamp that the node was seen to give out; 0 if none. */
    long lastStampOf(SimNode node) {
        return lastStamps[node.index];
    }

    // ---- stores

    void opened(SimNode node, Node assembled) {
        assembled.store().onChange((leaf, before, after) -> changes.add(new Change(node, leaf)));
        for (Key key : cluster.keys) {
            look(node, assembled, key);
        }
        changes.clear();
        unforced().opened(node, assembled);
        ledger.opened(node, assembled);
    }

    /** A store is back at what it had forced. */
    void powerLost(SimNode node) {
        if (!unforced().possible()) {
            return;
        }
        unforced().powerLost(node);
        for (Key key : cluster.keys) {
            Version forced = unforced().forced(node, key);
            if (forced == null) {
                held.get(node.index).remove(key);
            } else {
                long deadSince = contents.get(key).get(forced).deadSinceMillis;
                held.get(node.index).put(key, new Held(forced, deadSince));
            }
        }
        ledger.powerLost(node);
    }

    void ended(SimNode node) {
        changes.removeIf(change -> change.node == node);
        clients().nodeEnded(node);
    }

    /** Called after every event. */
    void afterEvent() {
        if (!changes.isEmpty()) {
            lookAtChanges();
        }
        unforced().afterEvent();
        ledger.afterEvent();
    }

    private void lookAtChanges() {
        List<Change> now = List.copyOf(changes);
        changes.clear();
        for (Change change : now) {
            Node node = change.node.opened();
            if (node == null) {
                continue;
            }
            for (Key key : cluster.keys) {
                if (Ring.tokenOf(key) >>> 48 == change.leaf) {
                    look(change.node, node, key);
                }
            }
        }
    }

    private void look(SimNode node, Node running, Key key) {
        Held before = held.get(node.index).get(key);
        StoredMeta meta = running.store().meta(key);
        if (meta == null) {
            if (before != null && !destroyed.get(node.index) && cluster.owns(node, key)) {
                mayBeGone(node, key, before);
            }
            held.get(node.index).remove(key);
            unforced().dropped(node, key);
            ledger.lookAt(key);
            return;
        }
        Version version = meta.version();
        if (before != null && !destroyed.get(node.index)) {
            Violation.check(
                    version.compareTo(before.version) >= 0,
                    "I7",
                    () -> node.id + " held " + before + " of " + key + ", now " + version);
        }
        if (meta.tombstone()) {
            history.deletes().took(node, key, version);
        }
        long now = SimClock.START_MILLIS + cluster.loop.nowMillis();
        boolean lived = before != null && before.deadSinceMillis > now;
        if (lived && meta.tombstone()) {
            ledger.deleted(node, key, before.version, version);
        }
        highestEver.get(node.index).merge(key, version, History::higher);
        held.get(node.index).put(key, new Held(version, meta.deadSinceMillis()));
        sameContents(node, running, meta);
        notDeletedBefore(node, key, version, meta.tombstone());
        notFromTheFuture(node, key, version);
        durability.shows(node, key, version);
    }

    private void mayBeGone(SimNode node, Key key, Held before) {
        Violation.check(
                before.deadSinceMillis != Long.MAX_VALUE,
                "I7",
                () -> node.id + " held " + before + " of " + key + ", now nothing");
        Version everywhere = heldByAll.held(node.ring(), key);
        Violation.check(
                anyDestroyed() || (everywhere != null && everywhere.compareTo(before.version) >= 0),
                "P7",
                () ->
                        node.id
                                + " reaped "
                                + before
                                + " of "
                                + key
                                + "; all owners held at the most "
                                + everywhere);
        long age = SimClock.START_MILLIS + cluster.loop.nowMillis() - before.deadSinceMillis;
        Violation.check(
                age + REAP_SLACK_MILLIS >= SimOptions.GRACE_MILLIS || cluster.manyClocksWrong,
                "I7",
                () -> node.id + " reaped " + before + " of " + key + " after " + age + " ms");
    }

    private void sameContents(SimNode node, Node running, StoredMeta meta) {
        Key key = meta.key();
        Version version = meta.version();
        long token = Ring.tokenOf(key);
        for (EntryRef entry : running.store().leaf((int) (token >>> 48))) {
            if (entry.token() == token) {
                Contents now = new Contents(entry.hash(), meta.tombstone(), meta.deadSinceMillis());
                Contents first = contents.get(key).putIfAbsent(version, now);
                Violation.check(
                        first == null || first.equals(now),
                        "I8",
                        () -> version + " of " + key + " differs at " + node.id);
            }
        }
    }

    private void notDeletedBefore(SimNode node, Key key, Version version, boolean tombstone) {
        if (!cluster.owns(node, key)) {
            return;
        }
        Version deleted = heldByAll.deleted(node.ring(), key);
        if (deleted != null && !tombstone && !destroyed.get(node.index)) {
            Violation.check(
                    version.isNewerThan(deleted),
                    "I5",
                    () -> node.id + " took " + version + " of " + key + ", deleted by " + deleted);
        }
        heldByAll.changed(node.ring(), key);
    }

    /** How long ago this version was given out, by the right time. */
    long ageMillis(Version version) {
        return SimClock.START_MILLIS + cluster.loop.nowMillis() - version.wallMillis();
    }

    private void notFromTheFuture(SimNode node, Key key, Version version) {
        long ahead = -ageMillis(version);
        Violation.check(
                ahead <= DRIFT_MILLIS || cluster.manyClocksWrong,
                "P8",
                () -> node.id + " took " + version + " of " + key + ", " + ahead + " ms ahead");
    }

    // ---- messages

    @Override
    public void asked(NodeId from, NodeId to, Request request) {
        if (request instanceof Request.Write write) {
            saw(write.key(), write.cell());
            if (write.cell() instanceof Cell.Live live) {
                history.sawPut(live);
            }
        }
        unforced().asked(cluster.nodes.get(Shape.index(from)), request);
    }

    @Override
    public void answered(NodeId by, Request request, Reply reply) {
        if (request instanceof Request.Read read && reply instanceof Reply.Found(Cell cell)) {
            saw(read.key(), cell);
        }
        SimNode node = cluster.nodes.get(Shape.index(by));
        if (request instanceof Request.Write write && reply instanceof Reply.Written) {
            if (write.hintFor() != null) {
                durability.hintAcknowledged(node, write);
                ledger.hintAcknowledged(node, write);
            } else {
                durability.acknowledged(node, write);
            }
        }
        unforced().answered(node, request, reply);
    }

    /** I8 on the wire, and what was ever in the world. */
    void saw(Key key, Cell cell) {
        Version version = cell.version();
        int writer = Shape.index(version.writer());
        lastStamps[writer] = Math.max(lastStamps[writer], version.timestamp());
        Cell first = cells.get(key).putIfAbsent(cell.version(), cell);
        Violation.check(
                first == null || first.equals(cell),
                "I8",
                () -> "two cells of " + key + " have the version " + cell.version());
    }
}

package dev.minidynamo.antientropy;

import dev.minidynamo.env.Scheduler.Timer;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.membership.Membership.Liveness;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Request.KeyVersion;
import dev.minidynamo.protocol.Transport.Priority;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.store.StoredMeta;
import dev.minidynamo.store.TombstonePage;
import dev.minidynamo.store.WalStore;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * Forgets tombstones and expired cells once nothing that they hide can come back (P7).
 *
 * <p>The first primary of a partition leads. A tombstone is reaped when it has been dead for longer
 * than the grace, every node of the ring is up and synchronised, every owner holds exactly this
 * version, and no node holds an older one, be it as a copy or as a hint. The grace exceeds the age
 * of any hint and of any message under way, so nothing older can arrive afterwards. The leader
 * forgets last: if another owner did not hear of it, anti-entropy brings the tombstone back, and
 * the next pass begins anew.
 */
public class TombstoneReaper {

    private static final int BATCH = 128;
    private static final int MOST_PARTITIONS_SHOWN = 100;
    private static final int MOST_TOMBSTONES_SHOWN = 10_000;

    private final NodeId self;
    private final Ring ring;
    private final WalStore store;
    private final BiPredicate<Key, Version> holdsOlderHint;
    private final AntiEntropyPorts ports;
    private final AntiEntropyOptions options;
    private final Map<Integer, String> because = new TreeMap<>();

    private @Nullable Timer timer;
    private boolean passing;
    private String blocked = "";
    private long lastPassMillis;
    private long reaped;

    /**
     * @param holdsOlderHint whether a hint for the key that is older than the version may still be
     *     delivered from here
     */
    public TombstoneReaper(
            NodeId self,
            Ring ring,
            WalStore store,
            BiPredicate<Key, Version> holdsOlderHint,
            AntiEntropyPorts ports,
            AntiEntropyOptions options) {
        this.self = self;
        this.ring = ring;
        this.store = store;
        this.holdsOlderHint = holdsOlderHint;
        this.ports = ports;
        this.options = options;
    }

    /** Begins to look for tombstones that may go. */
    public void start() {
        if (timer == null) {
            timer = ports.scheduler().every(options.reapPeriodMillis(), this::pass);
        }
    }

    /** Ends it. */
    public void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Answers for each tombstone whether this node has nothing against reaping it. */
    public Reply confirm(Request.ConfirmTombstones request) {
        boolean trusted = ports.membership().synchronised(self);
        BitSet damaged = store.damagedLeaves();
        List<Boolean> confirmed = new ArrayList<>(request.tombstones().size());
        for (KeyVersion tombstone : request.tombstones()) {
            Key key = tombstone.key();
            boolean known = trusted && !damaged.get(HashTree.leafOf(Ring.tokenOf(key)));
            confirmed.add(known && isConfirmed(key, tombstone.version()));
        }
        return new Reply.Confirmed(confirmed);
    }

    private boolean isConfirmed(Key key, Version version) {
        if (holdsOlderHint.test(key, version)) {
            return false;
        }
        Version held = store.version(key);
        return ring.preferenceList(key).isPrimary(self)
                ? version.equals(held)
                : held == null || !version.isNewerThan(held);
    }

    /** Forgets tombstones that every node has confirmed, then answers. */
    public void reap(Request.ReapTombstones request, Consumer<Reply> onReply) {
        request.tombstones()
                .forEach(tombstone -> store.forget(tombstone.key(), tombstone.version()));
        onReply.accept(new Reply.Done());
    }

    private void pass() {
        if (passing) {
            return;
        }
        lastPassMillis = ports.clock().wallMillis();
        because.clear();
        blocked = whatBlocksAll();
        if (blocked.isEmpty()) {
            passing = true;
            nextBatch(0);
        }
    }

    private String whatBlocksAll() {
        Membership membership = ports.membership();
        for (NodeId node : ring.nodes()) {
            if (membership.liveness(node) != Liveness.UP) {
                return "node " + node + " is down";
            }
            if (!membership.synchronised(node)) {
                return "node " + node + " has not synchronised";
            }
        }
        return "";
    }

    /** The earlier of the own and the majority's time, so that no wrong clock reaps too early. */
    private long deadBeforeMillis() {
        return Math.min(ports.clock().wallMillis(), ports.membership().clusterMillis())
                - options.graceMillis();
    }

    private void nextBatch(int fromLeaf) {
        if (timer == null) {
            passing = false;
            return;
        }
        TombstonePage page = store.tombstones(deadBeforeMillis(), fromLeaf, BATCH);
        List<KeyVersion> mine = new ArrayList<>();
        for (StoredMeta tombstone : page.entries()) {
            if (leaderOf(Ring.partitionOf(Ring.tokenOf(tombstone.key()))).equals(self)) {
                mine.add(new KeyVersion(tombstone.key(), tombstone.version()));
            }
        }
        Runnable next =
                () -> {
                    if (page.nextLeaf() == TombstonePage.END) {
                        passing = false;
                    } else {
                        ports.scheduler().execute(() -> nextBatch(page.nextLeaf()));
                    }
                };
        if (mine.isEmpty()) {
            next.run();
        } else {
            askAll(mine, next);
        }
    }

    private NodeId leaderOf(int partition) {
        return ring.preferenceList(partition).primaries().getFirst();
    }

    private void askAll(List<KeyVersion> tombstones, Runnable next) {
        String[] objections = new String[tombstones.size()];
        int[] missing = {ring.nodes().size()};
        for (NodeId node : ring.nodes()) {
            send(
                    node,
                    new Request.ConfirmTombstones(tombstones),
                    reply -> {
                        noteObjections(node, reply, objections);
                        if (--missing[0] == 0) {
                            reapConfirmed(tombstones, objections, next);
                        }
                    });
        }
    }

    private static void noteObjections(NodeId node, Reply reply, @Nullable String[] objections) {
        List<Boolean> confirmed =
                reply instanceof Reply.Confirmed answer ? answer.confirmed() : List.of();
        String why =
                switch (reply) {
                    case Reply.Confirmed _ ->
                            "node "
                                    + node
                                    + " has not confirmed: it lacks the delete, or holds something"
                                    + " older or a hint for it";
                    case Reply.Failed failed ->
                            "node " + node + " did not answer: " + failed.failure();
                    case Reply.Refused refused -> "node " + node + " refused: " + refused.reason();
                    default -> "node " + node + " gave an unusable answer";
                };
        for (int i = 0; i < objections.length; i++) {
            if (i >= confirmed.size() || !confirmed.get(i)) {
                objections[i] = why;
            }
        }
    }

    private void reapConfirmed(
            List<KeyVersion> tombstones, @Nullable String[] objections, Runnable next) {
        Map<NodeId, List<KeyVersion>> byOwner = new TreeMap<>();
        List<KeyVersion> agreed = new ArrayList<>();
        for (int i = 0; i < objections.length; i++) {
            KeyVersion tombstone = tombstones.get(i);
            String objection = objections[i];
            if (objection == null) {
                agreed.add(tombstone);
                for (NodeId owner : ring.preferenceList(tombstone.key()).primaries()) {
                    if (!owner.equals(self)) {
                        byOwner.computeIfAbsent(owner, o -> new ArrayList<>()).add(tombstone);
                    }
                }
            } else {
                because.put(Ring.partitionOf(Ring.tokenOf(tombstone.key())), objection);
            }
        }
        reapElsewhereThenHere(byOwner, agreed, next);
    }

    private void reapElsewhereThenHere(
            Map<NodeId, List<KeyVersion>> byOwner, List<KeyVersion> agreed, Runnable next) {
        int[] missing = {byOwner.size() + 1};
        boolean[] all = {true};
        Runnable one =
                () -> {
                    if (--missing[0] > 0) {
                        return;
                    }
                    if (all[0]) {
                        reap(new Request.ReapTombstones(agreed), done -> next.run());
                        reaped += agreed.size();
                    } else {
                        next.run();
                    }
                };
        byOwner.forEach((owner, tombstones) ->
                send(
                        owner,
                        new Request.ReapTombstones(List.copyOf(tombstones)),
                        reply -> {
                            all[0] &= reply instanceof Reply.Done;
                            one.run();
                        }));
        one.run();
    }

    private void send(NodeId to, Request request, Consumer<Reply> onReply) {
        ports.transport()
                .send(to, request, Priority.ANTI_ENTROPY, options.requestTimeoutMillis(), onReply);
    }

    /** What is held and what still keeps it, for people. */
    public TombstoneStatus status() {
        Map<Integer, List<StoredMeta>> byPartition = new TreeMap<>();
        for (StoredMeta tombstone : held()) {
            byPartition
                    .computeIfAbsent(
                            Ring.partitionOf(Ring.tokenOf(tombstone.key())), p -> new ArrayList<>())
                    .add(tombstone);
        }
        List<TombstoneStatus.Partition> shown = new ArrayList<>();
        byPartition.forEach((partition, tombstones) -> {
            if (shown.size() < MOST_PARTITIONS_SHOWN) {
                shown.add(
                        new TombstoneStatus.Partition(
                                partition, tombstones.size(), whatKeeps(partition, tombstones)));
            }
        });
        return new TombstoneStatus(
                options.graceMillis(), lastPassMillis, reaped, blocked, List.copyOf(shown));
    }

    private List<StoredMeta> held() {
        List<StoredMeta> held = new ArrayList<>();
        long now = ports.clock().wallMillis();
        for (int leaf = 0; leaf != TombstonePage.END && held.size() < MOST_TOMBSTONES_SHOWN; ) {
            TombstonePage page = store.tombstones(now, leaf, MOST_TOMBSTONES_SHOWN);
            held.addAll(page.entries());
            leaf = page.nextLeaf();
        }
        return held;
    }

    private String whatKeeps(int partition, List<StoredMeta> tombstones) {
        long oldest =
                tombstones.stream().mapToLong(StoredMeta::deadSinceMillis).min().orElseThrow();
        if (oldest > deadBeforeMillis()) {
            return "too young until " + Instant.ofEpochMilli(oldest + options.graceMillis());
        }
        if (!blocked.isEmpty()) {
            return blocked;
        }
        String objection = because.get(partition);
        if (objection != null) {
            return objection;
        }
        NodeId leader = leaderOf(partition);
        return leader.equals(self) ? "goes with the next pass" : "node " + leader + " decides";
    }
}

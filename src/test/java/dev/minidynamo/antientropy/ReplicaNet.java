package dev.minidynamo.antientropy;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Transport.Priority;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.sim.SimLoop;
import dev.minidynamo.sim.SimRandom;
import dev.minidynamo.store.EntryRef;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Replicas with nothing but their stores, failure detectors and anti-entropy, in virtual time. */
final class ReplicaNet {

    static final long WALL_START = 1_790_000_000_000L;
    static final long DAY = 86_400_000;

    final SimLoop loop = new SimLoop();
    final SimRandom random;
    final Map<NodeId, ReplicaNode> nodes = new LinkedHashMap<>();
    final List<NodeId> ids;
    final int n;
    final int w;

    /** What a node that starts from now on is tuned with. */
    AntiEntropyOptions options;

    Ring ring;

    /**
     * Bytes of anti-entropy that went each way between two nodes, and messages that carried them.
     */
    long bytes;

    long messages;

    /** Cells that anti-entropy wrote on a peer, by the node that pushed them. */
    final Map<NodeId, Long> pushesFrom = new TreeMap<>();

    private long stamps;

    ReplicaNet(long seed, int size, int n, int w) {
        this.n = n;
        this.w = w;
        random = new SimRandom(seed);
        ids = IntStream.rangeClosed(1, size).mapToObj(i -> new NodeId("n" + i)).toList();
        ring = ringOf(ids);
        options = AntiEntropyOptions.defaults(w);
        ids.forEach(id -> nodes.put(id, new ReplicaNode(this, id)));
    }

    Ring ringOf(List<NodeId> members) {
        return new Ring(
                new ClusterConfig(
                        "test",
                        members.stream()
                                .map(id -> new ClusterConfig.Member(id, id + ":1", "", null))
                                .toList(),
                        16,
                        Math.min(n, members.size()),
                        1,
                        w));
    }

    /**
     * A synchronised cluster, each of whose owners holds {@code keys} keys that are a minute old.
     */
    static ReplicaNet filled(int size, int n, int w, int keys) {
        ReplicaNet net = new ReplicaNet(7, size, n, w);
        net.startFresh();
        for (int i = 0; i < keys; i++) {
            String key = "key-" + i;
            Cell cell = net.live(60_000, 20);
            net.ring
                    .preferenceList(Key.utf8(key))
                    .primaries()
                    .forEach(owner -> net.nodes.get(owner).put(key, cell));
        }
        net.loop.runFor(100);
        return net;
    }

    ReplicaNode node(int number) {
        return nodes.get(ids.get(number - 1));
    }

    /** Starts all nodes on disks that hold nothing and runs until all are synchronised. */
    void startFresh() {
        nodes.values().forEach(ReplicaNode::start);
        if (!loop.runUntil(this::allSynchronised, 10_000)) {
            throw new AssertionError("a fresh cluster did not synchronise");
        }
    }

    /** Runs until the first two nodes are synchronised, or for {@code millis}; whether they are. */
    boolean firstTwoSynchronise(long millis) {
        return loop.runUntil(() -> node(1).synchronised() && node(2).synchronised(), millis);
    }

    boolean allSynchronised() {
        return nodes.values().stream().allMatch(ReplicaNode::synchronised);
    }

    /** Whether all owners hold the same entries, and nobody else any; all must be running. */
    boolean converged() {
        for (int leaf = 0; leaf < HashTree.LEAVES; leaf++) {
            int partition = leaf / HashTree.LEAVES_PER_PARTITION;
            List<EntryRef> expected =
                    nodes.get(ring.preferenceList(partition).primaries().getFirst())
                            .store
                            .leaf(leaf);
            for (ReplicaNode node : nodes.values()) {
                List<EntryRef> own = node.store.leaf(leaf);
                if (!own.equals(ring.owns(node.id, partition) ? expected : List.of())) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Runs until all owners agree, or for {@code millis}, and says whether they do. */
    boolean converges(long millis) {
        long end = loop.nowMillis() + millis;
        loop.runFor(100); // What has just been written is there only then.
        while (!converged()) {
            if (loop.nowMillis() >= end) {
                return false;
            }
            loop.runFor(100);
        }
        return true;
    }

    long now() {
        return WALL_START + loop.nowMillis();
    }

    /** A value of {@code bytes} bytes that was written {@code ageMillis} ago. */
    Cell live(long ageMillis, int bytes) {
        byte[] value = new byte[bytes];
        value[0] = (byte) random.nextInt(256);
        return new Cell.Live(version(ageMillis), value, Cell.DEFAULT_CONTENT_TYPE, Cell.NEVER);
    }

    Cell tombstone(long ageMillis) {
        return new Cell.Tombstone(version(ageMillis));
    }

    Version version(long ageMillis) {
        long timestamp = Version.timestampOf(now() - ageMillis) + (stamps++ & 0xfff);
        return new Version(timestamp, ids.getFirst(), 1);
    }

    /** Takes note of a message of anti-entropy. */
    void count(NodeId from, Priority priority, long size, boolean push) {
        if (priority == Priority.ANTI_ENTROPY) {
            bytes += size;
            messages++;
            if (push) {
                pushesFrom.merge(from, 1L, Long::sum);
            }
        }
    }

    void forgetCounts() {
        bytes = 0;
        messages = 0;
        pushesFrom.clear();
    }
}

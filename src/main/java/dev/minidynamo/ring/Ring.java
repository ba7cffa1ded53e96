package dev.minidynamo.ring;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The consistent-hash ring: which nodes hold which keys.
 *
 * <p>The key space is cut into equal fixed partitions. Every node has {@code vnodes} hashed tokens;
 * a partition belongs to the nodes that come first clockwise from its end (Dynamo, SOSP 2007, §6.2,
 * strategy 2). So ownership follows the tokens, while hash trees and transfers keep the same
 * partitions whatever nodes come and go.
 *
 * <p>Immutable; preference lists are computed once and shared between partitions.
 */
public final class Ring {

    /** The upper bits of a token that name its partition. */
    public static final int PARTITION_BITS = 14;

    /** Number of partitions. */
    public static final int PARTITIONS = 1 << PARTITION_BITS;

    private final List<Vnode> vnodes;
    private final PreferenceList[] preferenceLists;
    private final List<PreferenceList> distinctLists;
    private final Map<NodeId, Integer> primaryCounts = new HashMap<>();
    private final List<NodeId> nodes;
    private final String description;
    private final long fingerprint;

    public Ring(ClusterConfig config) {
        nodes = config.ids();
        vnodes = tokens(config);
        preferenceLists = new PreferenceList[PARTITIONS];
        PreferenceOrder order = new PreferenceOrder(config);
        Map<PreferenceList, PreferenceList> shared = new HashMap<>();
        for (int p = 0; p < PARTITIONS; p++) {
            PreferenceList list = order.split(walkFrom(endOf(p)));
            preferenceLists[p] = shared.computeIfAbsent(list, same -> same);
            list.primaries().forEach(node -> primaryCounts.merge(node, 1, Integer::sum));
        }
        distinctLists = List.copyOf(shared.keySet());
        description = describe(config);
        fingerprint = Token.ofText(description);
    }

    private static List<Vnode> tokens(ClusterConfig config) {
        List<Vnode> all = new ArrayList<>();
        for (NodeId node : config.ids()) {
            for (int i = 0; i < config.vnodes(); i++) {
                all.add(new Vnode(Token.ofVnode(node, i), node));
            }
        }
        all.sort(null);
        return List.copyOf(all);
    }

    private static String describe(ClusterConfig config) {
        List<String> members =
                config.nodes().stream()
                        .map(m -> m.zone().isEmpty() ? m.id().value() : m.id() + "@" + m.zone())
                        .sorted()
                        .toList();
        return "cluster="
                + config.cluster()
                + " n="
                + config.n()
                + " vnodes="
                + config.vnodes()
                + " nodes="
                + members;
    }

    /** The first token after partition {@code p}; 0 after the last. */
    private static long endOf(int p) {
        return (long) (p + 1) << (Long.SIZE - PARTITION_BITS);
    }

    private List<NodeId> walkFrom(long token) {
        int start = firstAtOrAfter(token);
        Set<NodeId> met = new LinkedHashSet<>();
        for (int i = 0; i < vnodes.size() && met.size() < nodes.size(); i++) {
            met.add(vnodes.get((start + i) % vnodes.size()).node());
        }
        return List.copyOf(met);
    }

    private int firstAtOrAfter(long token) {
        int low = 0;
        int high = vnodes.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(vnodes.get(middle).token(), token) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The position of a key on the ring, an unsigned 64-bit number. */
    public static long tokenOf(Key key) {
        return Token.of(key);
    }

    /** The partition, 0 to {@link #PARTITIONS} - 1, that a token falls in. */
    public static int partitionOf(long token) {
        return (int) (token >>> (Long.SIZE - PARTITION_BITS));
    }

    /** The nodes that stand for a partition. */
    public PreferenceList preferenceList(int partition) {
        return preferenceLists[partition];
    }

    /** The nodes that stand for a key. */
    public PreferenceList preferenceList(Key key) {
        return preferenceLists[partitionOf(tokenOf(key))];
    }

    /** Each preference list that some partition has, once. */
    public List<PreferenceList> preferenceLists() {
        return distinctLists;
    }

    /** Whether {@code node} is a primary of a partition. */
    public boolean owns(NodeId node, int partition) {
        return preferenceLists[partition].isPrimary(node);
    }

    /** The share of all replicas that {@code node} owns, 0 to 1; all nodes together own 1. */
    public double ownership(NodeId node) {
        double replicas = (double) PARTITIONS * preferenceLists[0].primaries().size();
        return primaryCounts.getOrDefault(node, 0) / replicas;
    }

    /** All tokens, clockwise from zero. */
    public List<Vnode> vnodes() {
        return vnodes;
    }

    /** All nodes, in the order of {@code nodes.json}. */
    public List<NodeId> nodes() {
        return nodes;
    }

    /** A number that two rings share only if they place every key alike. */
    public long fingerprint() {
        return fingerprint;
    }

    /** What shapes the ring, in words, for the message about two rings that differ. */
    public String describe() {
        return description;
    }
}

package dev.minidynamo.sim;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.ring.PreferenceList;
import dev.minidynamo.wal.SyncMode;

import java.util.ArrayList;
import java.util.List;

/**
 * What does not change while a scenario runs.
 *
 * @param nodes 3 to 7, with those that are not yet in the ring
 * @param spares how many of the last nodes are not in the first ring
 * @param traffic which modes the clients use
 * @param keys how many keys there are
 * @param activeMillis how long faults and requests go on
 * @param comparison when replicas are compared
 * @param sync when nodes force what they acknowledge
 * @param patient whether clients wait for a node that is down, and ask it the moment it is back
 */
record Shape(
        int nodes,
        int spares,
        int n,
        int r,
        int w,
        Traffic traffic,
        int keys,
        long activeMillis,
        SimNetwork.Rates rates,
        Comparison comparison,
        SyncMode sync,
        boolean patient) {

    /** Which modes the clients use. */
    enum Traffic {
        STRICT,
        SLOPPY,
        MIXED
    }

    /** When anti-entropy compares replicas. */
    enum Comparison {
        ALWAYS,
        /** It is switched on with the heal, so that replicas differ for long. */
        AFTER_HEAL,
        /** Hints alone must bring the replicas together. */
        NEVER
    }

    /** The same for at least so long. */
    Shape lasting(long millis) {
        return new Shape(
                nodes,
                spares,
                n,
                r,
                w,
                traffic,
                keys,
                Math.max(activeMillis, millis),
                rates,
                comparison,
                sync,
                patient);
    }

    /** The nodes that own a key, and then those that do not, by their indexes. */
    List<Integer> byOwnership(int key) {
        PreferenceList list = SimCluster.ring(config()).preferenceList(key(key));
        List<NodeId> all = new ArrayList<>(list.primaries());
        all.addAll(list.fallbacks());
        return all.stream().map(Shape::index).toList();
    }

    static Key key(int index) {
        return Key.utf8("key-" + index);
    }

    /** The first ring. */
    ClusterConfig config() {
        return config(firstMembers());
    }

    /** The bits of the nodes that are in the first ring. */
    long firstMembers() {
        return (1L << nodes - spares) - 1;
    }

    /** The ring of the nodes whose bits are set. */
    ClusterConfig config(long members) {
        return config(members, 8);
    }

    /** A cluster of other vnodes, which is another ring, and each node's another one. */
    ClusterConfig otherConfig(int index) {
        return config((1L << nodes) - 1, 9 + index);
    }

    private ClusterConfig config(long bits, int vnodes) {
        List<ClusterConfig.Member> members = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            if ((bits >>> i & 1) == 1) {
                members.add(new ClusterConfig.Member(id(i), "127.0.0.1:" + (9001 + i), "", null));
            }
        }
        return new ClusterConfig("sim", members, vnodes, n, r, w);
    }

    static NodeId id(int index) {
        return new NodeId("n" + (index + 1));
    }

    static int index(NodeId id) {
        return Integer.parseInt(id.value().substring(1)) - 1;
    }
}

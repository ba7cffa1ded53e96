package dev.minidynamo.sim;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import java.util.ArrayList;
import java.util.List;

/**
 * What does not change while a scenario runs.
 *
 * @param nodes 3 to 7
 * @param traffic which modes the clients use
 * @param keys how many keys there are
 * @param activeMillis how long faults and requests go on
 * @param antiEntropy whether replicas are compared; if not, hints alone must bring them together
 */
record Shape(
        int nodes,
        int n,
        int r,
        int w,
        Traffic traffic,
        int keys,
        long activeMillis,
        SimNetwork.Rates rates,
        boolean antiEntropy) {

    /** Which modes the clients use. */
    enum Traffic {
        STRICT,
        SLOPPY,
        MIXED
    }

    ClusterConfig config() {
        return config(nodes, 8);
    }

    /** A cluster of other vnodes, which is another ring. */
    ClusterConfig otherConfig() {
        return config(nodes, 9);
    }

    private ClusterConfig config(int count, int vnodes) {
        List<ClusterConfig.Member> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add(new ClusterConfig.Member(id(i), "127.0.0.1:" + (9001 + i), "", null));
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

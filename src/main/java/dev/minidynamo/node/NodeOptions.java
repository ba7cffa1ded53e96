package dev.minidynamo.node;

import dev.minidynamo.antientropy.AntiEntropyOptions;
import dev.minidynamo.coordinator.CoordinatorOptions;
import dev.minidynamo.hints.HintOptions;
import dev.minidynamo.membership.MembershipOptions;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.store.StoreOptions;

/** Which node this is, in which cluster, and the options of its rooms. */
public record NodeOptions(
        NodeId self,
        ClusterConfig cluster,
        StoreOptions store,
        HintOptions hints,
        MembershipOptions membership,
        AntiEntropyOptions antiEntropy,
        CoordinatorOptions coordinator) {

    /** A node with every option at its default. */
    public static NodeOptions defaults(NodeId self, ClusterConfig cluster) {
        return new NodeOptions(
                self,
                cluster,
                StoreOptions.defaults(cluster.cluster(), self),
                HintOptions.defaults(),
                MembershipOptions.defaults(),
                AntiEntropyOptions.defaults(cluster.w()),
                CoordinatorOptions.defaults());
    }
}

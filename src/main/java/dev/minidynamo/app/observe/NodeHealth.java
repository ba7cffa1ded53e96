package dev.minidynamo.app.observe;

import dev.minidynamo.hints.HintStatus;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.membership.MembershipStatus;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.node.Node;
import dev.minidynamo.node.NodeStatus;
import dev.minidynamo.store.StoreStatus;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The parts of a node's health. A part is DOWN when somebody should do something about it; the node
 * may still serve, which is what readiness says.
 */
@Configuration(proxyBeanMethods = false)
class NodeHealth {

    private final Samples samples;

    NodeHealth(Samples samples) {
        this.samples = samples;
    }

    /** Judges one part by the latest sample. */
    @FunctionalInterface
    private interface Judge {
        Health of(Sample sample);
    }

    private HealthIndicator by(Judge judge) {
        return () -> {
            Sample sample = samples.latestUnlessHung();
            return sample == null
                    ? Health.down().withDetail("why", "The event loop does not answer.").build()
                    : judge.of(sample);
        };
    }

    /** Whether enough nodes are up for reads and writes. */
    @Bean
    HealthIndicator quorumHealthIndicator(ClusterConfig cluster) {
        return by(sample ->
                quorum(
                        cluster,
                        sample.status().node(),
                        sample.status().membership(),
                        sample.otherRings()));
    }

    static Health quorum(
            ClusterConfig cluster,
            NodeId self,
            MembershipStatus membership,
            Set<NodeId> otherRings) {
        List<String> up = new ArrayList<>(List.of(self.value()));
        membership.peers().stream()
                .filter(peer -> peer.liveness() != Membership.Liveness.DOWN)
                .filter(peer -> !otherRings.contains(peer.id()))
                .forEach(peer -> up.add(peer.id().value()));
        int needed = Math.max(cluster.r(), cluster.w());
        Health.Builder health = up.size() >= needed ? Health.up() : Health.down();
        return health.withDetail("up", up.stream().sorted().toList())
                .withDetail("otherRing", otherRings.stream().map(NodeId::value).toList())
                .withDetail("needed", needed)
                .withDetail("nodes", cluster.nodes().size())
                .build();
    }

    /** Whether the disk takes writes, and holds nothing that is damaged. */
    @Bean
    HealthIndicator storageHealthIndicator() {
        return by(sample -> storage(sample.status().store(), sample.status().synchronised()));
    }

    private static Health storage(StoreStatus store, boolean synchronised) {
        boolean well =
                !store.log().failed() && !store.log().spaceShort() && store.damagedLeaves() == 0;
        Health.Builder health = well ? Health.up() : Health.down();
        return health.withDetail("keys", store.liveKeys())
                .withDetail("logBytes", store.log().bytes())
                .withDetail("diskFull", store.log().spaceShort())
                .withDetail("failed", store.log().failed())
                .withDetail("damagedLeaves", store.damagedLeaves())
                .withDetail("synchronised", synchronised)
                .build();
    }

    /** Whether hints are kept and delivered without loss. */
    @Bean
    HealthIndicator hintsHealthIndicator() {
        return by(sample -> hints(sample.status().hints()));
    }

    private static Health hints(HintStatus hints) {
        long overflowed = hints.targets().stream().mapToLong(HintStatus.Target::overflowed).sum();
        long expired = hints.targets().stream().mapToLong(HintStatus.Target::expired).sum();
        return Health.up()
                .withDetail("count", hints.count())
                .withDetail("bytes", hints.bytes())
                .withDetail("paused", hints.paused())
                .withDetail("overflowed", overflowed)
                .withDetail("expired", expired)
                .build();
    }

    /** Whether this node's clock agrees with the majority's (P8). */
    @Bean
    HealthIndicator clockHealthIndicator(Node node) {
        long allowedMillis = node.options().coordinator().maxDriftMillis();
        return by(sample -> clock(sample.status(), allowedMillis));
    }

    private static Health clock(NodeStatus status, long allowedMillis) {
        long offset = status.clock().offsetMillis();
        Health.Builder health = Math.abs(offset) <= allowedMillis ? Health.up() : Health.down();
        return health.withDetail("offsetMillis", offset)
                .withDetail("allowedMillis", allowedMillis)
                .build();
    }
}

package dev.minidynamo.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.membership.Membership.Liveness;
import dev.minidynamo.membership.MembershipStatus;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import java.util.List;
import java.util.Set;

class NodeHealthTest {

    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");

    private static Health quorum(Set<NodeId> otherRings) {
        ClusterConfig cluster =
                new ClusterConfig(
                        "test",
                        List.of(
                                new ClusterConfig.Member(N1, "h:1", "", null),
                                new ClusterConfig.Member(N2, "h:2", "", null)),
                        8,
                        2,
                        1,
                        2);
        MembershipStatus.Peer up =
                new MembershipStatus.Peer(N2, Liveness.UP, 0, 0, 0, 1, 0, true, false, 0, "");
        return NodeHealth.quorum(cluster, N1, new MembershipStatus(0, 0, List.of(up)), otherRings);
    }

    @Test
    void aPeerWithAnotherRingIsNoHelpToAQuorum() {
        assertThat(quorum(Set.of()).getStatus()).isEqualTo(Status.UP);

        Health health = quorum(Set.of(N2));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails())
                .containsEntry("up", List.of("n1"))
                .containsEntry("otherRing", List.of("n2"));
    }
}

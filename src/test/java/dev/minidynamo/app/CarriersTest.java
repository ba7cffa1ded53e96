package dev.minidynamo.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import jdk.management.VirtualThreadSchedulerMXBean;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;

class CarriersTest {

    @ParameterizedTest
    @CsvSource({"2, 3, 1", "8, 3, 2", "8, 1, 8", "1, 1, 1", "16, 5, 3"})
    @DisplayName("nodes of one host share its processors, and each has at least one")
    void nodesOfOneHostShareItsProcessors(int processors, int nodesHere, int share) {
        assertThat(Carriers.shareOf(processors, cluster(nodesHere), new NodeId("n1")))
                .isEqualTo(share);
    }

    @Test
    @DisplayName("the share is what the scheduler of virtual threads has then")
    void theSchedulerHasTheShare() {
        var scheduler = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
        int before = scheduler.getParallelism();
        try {
            Carriers.share(cluster(Runtime.getRuntime().availableProcessors()), new NodeId("n1"));
            assertThat(scheduler.getParallelism()).isEqualTo(1);
        } finally {
            scheduler.setParallelism(before);
        }
    }

    /** So many nodes on one host, and two elsewhere. */
    private static ClusterConfig cluster(int nodesHere) {
        List<ClusterConfig.Member> members =
                IntStream.rangeClosed(1, nodesHere + 2)
                        .mapToObj(i ->
                                new ClusterConfig.Member(
                                        new NodeId("n" + i),
                                        (i <= nodesHere ? "10.0.0.1:900" : "10.0.0.9:900") + i,
                                        "",
                                        null))
                        .toList();
        return new ClusterConfig("c", members, 8, 1, 1, 1);
    }
}

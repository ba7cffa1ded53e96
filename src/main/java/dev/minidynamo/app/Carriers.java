package dev.minidynamo.app;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import jdk.management.VirtualThreadSchedulerMXBean;

import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Shares the processors of a machine among the nodes that run on it.
 *
 * <p>Requests that come through Tomcat are served by virtual threads, and the JDK has a thread for
 * each processor to carry them. Several nodes on one machine would have that many each, which wake
 * and push one another. See {@code docs/decisions/nodes-of-one-machine-share-it.md}.
 */
final class Carriers {

    /** The JDK's own setting; a user who gives it has decided. */
    private static final String PARALLELISM = "jdk.virtualThreadScheduler.parallelism";

    private Carriers() {}

    /** Gives this process the share of one of the nodes that have the host of {@code node}. */
    static void share(ClusterConfig cluster, NodeId node) {
        if (System.getProperty(PARALLELISM) == null) {
            int processors = Runtime.getRuntime().availableProcessors();
            ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class)
                    .setParallelism(shareOf(processors, cluster, node));
        }
    }

    static int shareOf(int processors, ClusterConfig cluster, NodeId node) {
        return Math.max(1, processors / ofOneHost(cluster, node).size());
    }

    /** The nodes that have the host of {@code node}, itself among them. */
    static List<ClusterConfig.Member> ofOneHost(ClusterConfig cluster, NodeId node) {
        String host = cluster.member(node).host();
        return cluster.nodes().stream().filter(member -> member.host().equals(host)).toList();
    }
}

package dev.minidynamo.dashboard;

import dev.minidynamo.agent.LinkFault;
import dev.minidynamo.model.ClusterConfig;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The cluster as the dashboard sees it at one moment.
 *
 * @param atMillis wall time
 * @param nodes in the order of nodes.json
 * @param links the faults in force between nodes
 */
public record ClusterSight(
        long atMillis, ClusterConfig config, List<NodeSight> nodes, List<LinkFault> links) {

    public ClusterSight {
        nodes = List.copyOf(nodes);
        links = List.copyOf(links);
    }

    public long up() {
        return nodes.stream().filter(node -> node.condition().healthy()).count();
    }

    /** Hints that wait on nodes, as last known. */
    public long hints() {
        return nodes.stream().mapToLong(node -> node.numbers().hints()).sum();
    }

    /** How many more nodes may fail before reads or writes stop; negative if they have. */
    public long spare() {
        return up() - Math.max(config.r(), config.w());
    }

    /** Whether taking this node away would leave fewer nodes than a write needs. */
    public boolean losesWrites(NodeSight node) {
        return node.condition().healthy() && up() - 1 < config.w();
    }

    /** Some node that answers, to be asked on behalf of all; or null. */
    public @Nullable NodeSight anyAnswering() {
        return nodes.stream().filter(NodeSight::answering).findFirst().orElse(null);
    }
}

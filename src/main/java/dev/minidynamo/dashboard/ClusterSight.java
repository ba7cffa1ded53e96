package dev.minidynamo.dashboard;

import dev.minidynamo.model.ClusterConfig;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * The cluster as the dashboard sees it at one moment.
 *
 * @param atMillis wall time
 * @param nodes in the order of nodes.json
 * @param links the faults in force between nodes
 */
public record ClusterSight(
        long atMillis, ClusterConfig config, List<NodeSight> nodes, List<LinkSight> links) {

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

    /** Whether writes are served now and would not be without this node. */
    public boolean losesWrites(String node) {
        return writes(id -> true, this::cut) && !writes(id -> !id.equals(node), this::cut);
    }

    /** Whether writes are served now and would not be with this link cut. */
    public boolean losesWrites(String a, String b) {
        LinkSight link = new LinkSight(a, b, true, 0, 0, 0);
        return writes(id -> true, this::cut)
                && !writes(id -> true, (x, y) -> cut(x, y) || link.joins(x, y));
    }

    /** Whether some healthy node reaches as many, with itself, as a write needs. */
    private boolean writes(Predicate<String> there, BiPredicate<String, String> cut) {
        List<String> healthy =
                nodes.stream()
                        .filter(node -> node.condition().healthy())
                        .map(NodeSight::id)
                        .filter(there)
                        .toList();
        return healthy.stream()
                .anyMatch(x -> healthy.stream().filter(y -> !cut.test(x, y)).count() >= config.w());
    }

    private boolean cut(String x, String y) {
        return links.stream().anyMatch(link -> link.drop() && link.joins(x, y));
    }

    /**
     * The nodes to ask on behalf of all: the healthy ones, or else all that answer. A node that is
     * cut off answers as well, but knows only what it holds itself.
     */
    public List<NodeSight> toAsk() {
        List<NodeSight> answering = nodes.stream().filter(NodeSight::answering).toList();
        List<NodeSight> healthy =
                answering.stream().filter(node -> node.condition().healthy()).toList();
        return healthy.isEmpty() ? answering : healthy;
    }

    /** The first of {@link #toAsk}, or null if no node answers. */
    public @Nullable NodeSight anyToAsk() {
        return toAsk().stream().findFirst().orElse(null);
    }
}

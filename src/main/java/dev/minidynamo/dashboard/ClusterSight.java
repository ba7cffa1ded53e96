package dev.minidynamo.dashboard;

import dev.minidynamo.model.ClusterConfig;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

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

    /** The most nodes that one of the healthy ones reaches, itself included. */
    public int reach() {
        return reach(healthy(), this::cut);
    }

    /**
     * How many more nodes may fail at least, whichever they are, before reads or writes stop;
     * negative if they have.
     *
     * <p>Whichever k nodes fail, one of the k + 1 that reach the most is left, and has lost k of
     * those that it reached, at most.
     */
    public int spare() {
        int needed = Math.max(config.r(), config.w());
        List<Integer> reaches = reaches(healthy(), this::cut).sorted().boxed().toList().reversed();
        int failed = 0;
        while (failed < reaches.size() && reaches.get(failed) - failed >= needed) {
            failed++;
        }
        return failed == 0 ? reach() - needed : failed - 1;
    }

    /** Whether writes are served now and would not be without this node. */
    public boolean losesWrites(String node) {
        return reach() >= config.w() && reach(without(healthy(), node), this::cut) < config.w();
    }

    /** Whether writes are served now and would not be with this link cut. */
    public boolean losesWrites(String a, String b) {
        LinkSight link = new LinkSight(a, b, true, 0, 0, 0);
        return reach() >= config.w()
                && reach(healthy(), (x, y) -> cut(x, y) || link.joins(x, y)) < config.w();
    }

    private List<String> healthy() {
        return nodes.stream()
                .filter(node -> node.condition().healthy())
                .map(NodeSight::id)
                .toList();
    }

    private static List<String> without(List<String> nodes, String node) {
        return nodes.stream().filter(one -> !one.equals(node)).toList();
    }

    private static int reach(List<String> nodes, BiPredicate<String, String> cut) {
        return reaches(nodes, cut).max().orElse(0);
    }

    /** How many of these nodes each of them reaches, itself included. */
    private static IntStream reaches(List<String> nodes, BiPredicate<String, String> cut) {
        return nodes.stream()
                .mapToInt(x -> (int) nodes.stream().filter(y -> !cut.test(x, y)).count());
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

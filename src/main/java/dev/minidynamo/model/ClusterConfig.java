package dev.minidynamo.model;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The cluster as {@code nodes.json} states it.
 *
 * @param cluster the cluster's name
 * @param nodes its nodes, at least one, ids and addresses distinct
 * @param vnodes tokens of each node on the ring, 1 to 1,024
 * @param n replicas of each key, 1 to the number of nodes
 * @param r replicas that must answer a read, 1 to {@code n}
 * @param w replicas that must store a write, 1 to {@code n}
 */
public record ClusterConfig(String cluster, List<Member> nodes, int vnodes, int n, int r, int w) {

    /**
     * One node.
     *
     * @param address {@code host:port} of its HTTP server
     * @param zone where it stands; replicas are spread over zones first; may be empty
     * @param agent {@code host:port} of the agent that owns its process, if one is named
     */
    public record Member(NodeId id, String address, String zone, @Nullable String agent) {}

    /**
     * @throws IllegalArgumentException with a sentence that names the field, its value and what is
     *     accepted
     */
    public ClusterConfig {
        nodes = List.copyOf(nodes);
        require(!nodes.isEmpty(), "nodes is empty; at least one node is needed");
        requireDistinct(nodes);
        requireWithin("vnodes", vnodes, 1024);
        requireWithin("n", n, nodes.size());
        requireWithin("r", r, n);
        requireWithin("w", w, n);
    }

    private static void requireDistinct(List<Member> nodes) {
        Map<String, Boolean> seen = new TreeMap<>();
        for (Member node : nodes) {
            require(
                    seen.put("id " + node.id(), true) == null,
                    "nodes has the id \"" + node.id() + "\" twice; ids must be distinct");
            require(
                    seen.put("address " + node.address(), true) == null,
                    "nodes has the addr \""
                            + node.address()
                            + "\" twice; addresses must be distinct");
        }
    }

    private static void requireWithin(String field, int value, int most) {
        require(value >= 1 && value <= most, field + " is " + value + "; accepted is 1 to " + most);
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }

    /** The ids of all nodes, in the order of the file. */
    public List<NodeId> ids() {
        return nodes.stream().map(Member::id).toList();
    }

    /**
     * The node of this id.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Member member(NodeId id) {
        return nodes.stream()
                .filter(node -> node.id().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "id is \"" + id + "\"; nodes.json has " + ids()));
    }

    /** Whether every read quorum meets every write quorum. */
    public boolean quorumsOverlap() {
        return r + w > n;
    }
}

package dev.minidynamo.model;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The cluster as {@code nodes.json} states it.
 *
 * @param cluster the cluster's name
 * @param nodes its nodes, at least one, ids and addresses distinct, those of agents too
 * @param vnodes tokens of each node on the ring, 1 to 1,024
 * @param n replicas of each key, 1 to the number of nodes
 * @param r replicas that must answer a read, 1 to {@code n}
 * @param w replicas that must store a write, 1 to {@code n}
 */
public record ClusterConfig(String cluster, List<Member> nodes, int vnodes, int n, int r, int w) {

    /** Addresses are told apart by their text, except for these names of one. */
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /**
     * One node.
     *
     * @param address {@code host:port} of its HTTP server
     * @param zone where it stands; replicas are spread over zones first; may be empty
     * @param agent {@code host:port} of the agent that owns its process, if one is named
     */
    public record Member(NodeId id, String address, String zone, @Nullable String agent) {

        /** The host of its address, IPv6 in brackets. */
        public String host() {
            return address.substring(0, address.lastIndexOf(':'));
        }
    }

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
        Set<NodeId> ids = new TreeSet<>();
        Map<String, String> addresses = new TreeMap<>();
        for (Member node : nodes) {
            require(
                    ids.add(node.id()),
                    "nodes has the id \"" + node.id() + "\" twice; ids must be distinct");
            requireNew(addresses, node.address());
            if (node.agent() != null) {
                requireNew(addresses, node.agent());
            }
        }
    }

    private static void requireNew(Map<String, String> addresses, String address) {
        int colon = address.lastIndexOf(':');
        boolean loopback = LOOPBACK.contains(address.substring(0, Math.max(0, colon)));
        String other = addresses.put(loopback ? address.substring(colon) : address, address);
        require(
                other == null,
                "nodes has the address \""
                        + address
                        + "\" twice"
                        + (address.equals(other) ? "" : " (as " + other + ")")
                        + "; addresses of nodes and agents must be distinct");
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

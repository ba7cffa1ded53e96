package dev.minidynamo.ring;

import dev.minidynamo.model.NodeId;

import java.util.List;

/**
 * All nodes of the ring in the order in which they stand for a partition (Dynamo, SOSP 2007, §4.3
 * and §4.6).
 *
 * @param primaries the N nodes that own the partition's keys, the first one first
 * @param fallbacks the other nodes, in the order in which they stand in for a dead primary
 */
public record PreferenceList(List<NodeId> primaries, List<NodeId> fallbacks) {

    public PreferenceList {
        primaries = List.copyOf(primaries);
        fallbacks = List.copyOf(fallbacks);
    }

    public boolean isPrimary(NodeId node) {
        return primaries.contains(node);
    }
}

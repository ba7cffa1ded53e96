package dev.minidynamo.app.observe;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.node.NodeStatus;
import dev.minidynamo.runtime.Traffic;

import java.util.Map;
import java.util.Set;

/**
 * A node at one moment.
 *
 * @param traffic what has gone to each peer
 * @param otherRings the peers that refuse this node because their ring is another
 */
record Sample(NodeStatus status, Map<NodeId, Traffic> traffic, Set<NodeId> otherRings) {}

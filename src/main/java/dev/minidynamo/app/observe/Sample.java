package dev.minidynamo.app.observe;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.node.NodeStatus;
import dev.minidynamo.runtime.Traffic;

import java.util.Map;

/**
 * A node at one moment.
 *
 * @param traffic what has gone to each peer
 */
record Sample(NodeStatus status, Map<NodeId, Traffic> traffic) {}

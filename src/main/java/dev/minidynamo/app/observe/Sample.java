package dev.minidynamo.app.observe;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.node.NodeStatus;

import java.util.Map;

/**
 * A node at one moment.
 *
 * @param queuedBytes what waits to be sent, per peer
 */
record Sample(NodeStatus status, Map<NodeId, Long> queuedBytes) {}

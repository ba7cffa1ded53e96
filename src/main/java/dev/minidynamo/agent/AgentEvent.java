package dev.minidynamo.agent;

import dev.minidynamo.model.NodeId;

/**
 * Something that happened to a node's process or link.
 *
 * @param atMillis wall time
 * @param text a phrase that continues "n1 ": "was killed", "is up after 1.9 s"
 */
public record AgentEvent(long atMillis, NodeId node, NodeState state, String text) {}

package dev.minidynamo.api;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.ring.Ring;

/** What does not change of the node behind the API. */
public record NodeView(NodeId self, ClusterConfig config, Ring ring) {}

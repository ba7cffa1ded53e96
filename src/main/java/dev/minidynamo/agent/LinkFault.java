package dev.minidynamo.agent;

import dev.minidynamo.model.NodeId;

/**
 * A fault on the link between two nodes, in both directions.
 *
 * @param drop whether every message is lost
 * @param delayMillis how much later each message arrives
 * @param lossPercent how many messages of a hundred are lost
 * @param untilMillis wall time at which the fault ends by itself
 */
public record LinkFault(
        NodeId a, NodeId b, boolean drop, int delayMillis, int lossPercent, long untilMillis) {

    boolean joins(NodeId x, NodeId y) {
        return (a.equals(x) && b.equals(y)) || (a.equals(y) && b.equals(x));
    }
}

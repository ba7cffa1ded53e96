package dev.minidynamo.ring;

import dev.minidynamo.model.NodeId;

/**
 * One of a node's positions on the ring.
 *
 * @param token the position, an unsigned 64-bit number
 * @param node whose position it is
 */
public record Vnode(long token, NodeId node) implements Comparable<Vnode> {

    /** Clockwise from zero; equal tokens by node, so that the order is the same everywhere. */
    @Override
    public int compareTo(Vnode other) {
        int order = Long.compareUnsigned(token, other.token);
        return order == 0 ? node.compareTo(other.node) : order;
    }
}

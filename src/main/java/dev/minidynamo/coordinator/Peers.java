package dev.minidynamo.coordinator;

import dev.minidynamo.model.NodeId;

/** What the coordinator needs to know of the other nodes and of its own clock. */
public interface Peers {

    /** Whether a node is known to be down, so that it is not worth waiting for. */
    boolean isDown(NodeId node);

    /** Whether a node was not heard in time, so that another is the better choice. */
    boolean isOverdue(NodeId node);

    /** How far the own wall clock may be ahead of the majority's, in milliseconds. */
    long clockAheadMillis();

    /**
     * Whether the next timestamp is below the bound that has been persisted, so that it will not be
     * given out again after a crash, wherever the wall clock jumps meanwhile.
     */
    boolean mayStamp();
}

package dev.minidynamo.agent;

import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

/**
 * One node's process at one moment.
 *
 * @param address {@code host:port} of the node's HTTP server
 * @param pid the process, or null when there is none
 * @param sinceMillis wall time at which it entered this state
 * @param exitStatus how the last process ended (128 + signal for a signal), or null
 * @param restarts how often the agent restarted it after a crash
 * @param note a sentence for people, may be empty
 * @param controllable whether somebody can kill and restart it from here
 */
public record NodeView(
        NodeId id,
        String address,
        NodeState state,
        @Nullable Long pid,
        long sinceMillis,
        @Nullable Integer exitStatus,
        int restarts,
        String note,
        boolean controllable) {

    NodeView withNote(NodeState newState, String newNote, boolean nowControllable) {
        return new NodeView(
                id,
                address,
                newState,
                pid,
                sinceMillis,
                exitStatus,
                restarts,
                newNote,
                nowControllable);
    }
}

package dev.minidynamo.hints;

import dev.minidynamo.model.NodeId;

import java.util.List;

/**
 * The hints that a node holds, and what became of the others since its start.
 *
 * @param count hints held for all targets
 * @param bytes of these hints
 * @param logBytes of all logs on disk
 * @param paused whether delivery is held back by hand
 * @param targets in the order of their ids
 * @param adopted hints whose cells are here or were taken in, because their target left the ring
 */
public record HintStatus(
        long count, long bytes, long logBytes, boolean paused, List<Target> targets, long adopted) {

    /**
     * The hints for one target; what is counted is counted since the start.
     *
     * @param oldestAgeMillis since the oldest hint was stored, 0 if there is none
     * @param logBytes of its log on disk
     * @param segments of its log
     * @param stored hints made durable
     * @param delivered hints acknowledged by the target
     * @param expired hints that became too old
     * @param overflowed hints dropped because of the limit
     * @param setAside hints held that the target could not read
     * @param damaged hints, or stretches of log, that failed their checksum
     * @param refused deliveries that the target refused
     * @param failed deliveries that got no answer
     * @param window hints that may be under way at once
     * @param lastProblem the last refusal or failure, or empty
     */
    public record Target(
            NodeId target,
            long count,
            long bytes,
            long oldestAgeMillis,
            long logBytes,
            int segments,
            long stored,
            long delivered,
            long expired,
            long overflowed,
            long setAside,
            long damaged,
            long refused,
            long failed,
            int window,
            String lastProblem) {}
}

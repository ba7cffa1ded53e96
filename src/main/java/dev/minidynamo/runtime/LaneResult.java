package dev.minidynamo.runtime;

import dev.minidynamo.protocol.BatchAnswer;
import dev.minidynamo.protocol.Reply.Failure;
import dev.minidynamo.protocol.Reply.Reason;

/** How a POST ended. */
sealed interface LaneResult {

    /**
     * The peer answered.
     *
     * @param sentBytes the length of the message
     * @param bytes the length of the answer
     */
    record Answered(BatchAnswer answer, int sentBytes, int bytes) implements LaneResult {}

    /** The peer refused the whole of it in HTTP's own words. */
    record Denied(Reason reason, String detail) implements LaneResult {}

    /** No usable answer. */
    record Broken(Failure failure, String detail) implements LaneResult {}
}

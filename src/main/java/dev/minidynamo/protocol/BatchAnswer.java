package dev.minidynamo.protocol;

import java.util.List;

/** What comes back for a {@link RequestBatch}. */
public sealed interface BatchAnswer {

    /** One reply for each request, in their order. */
    record Replies(BatchHeader header, List<Reply> replies) implements BatchAnswer {}

    /**
     * Nothing of the batch was done.
     *
     * @param reason why, for each request alike
     * @param detail a sentence for people; for {@link Reply.Reason#RING_MISMATCH} the description
     *     of the receiver's ring
     */
    record Refusal(Reply.Reason reason, String detail) implements BatchAnswer {}
}

package dev.minidynamo.protocol;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.Reply.Reason;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Decides whether a batch that has arrived is taken at all: not one of another ring, of a stranger,
 * or one that was under way for so long that what it says may have been deleted since.
 *
 * <p>Heartbeats are taken whatever their age, because they change nothing, and because a node whose
 * clock is behind learns that from their answers alone.
 */
public final class BatchAdmission {

    /** How long a message may have been under way between nodes, unless a test says otherwise. */
    public static final long MAX_AGE_MILLIS = 60_000;

    private final WireIdentity identity;
    private final List<NodeId> ring;
    private final long maxAgeMillis;

    /**
     * The admission of one node.
     *
     * @param ring the nodes whose batches are taken
     * @param maxAgeMillis by the majority's time as sender and receiver reckon it
     */
    public BatchAdmission(WireIdentity identity, List<NodeId> ring, long maxAgeMillis) {
        this.identity = identity;
        this.ring = List.copyOf(ring);
        this.maxAgeMillis = maxAgeMillis;
    }

    /** Why nothing of the batch is done, or null if it is taken. */
    public BatchAnswer.@Nullable Refusal refusal(RequestBatch batch) {
        BatchHeader from = batch.header();
        BatchHeader own = identity.header();
        if (from.ringFingerprint() != own.ringFingerprint()) {
            return new BatchAnswer.Refusal(Reason.RING_MISMATCH, identity.ringDescription());
        }
        if (!ring.contains(from.sender()) || from.sender().equals(own.sender())) {
            return new BatchAnswer.Refusal(
                    Reason.RING_MISMATCH,
                    "requests from " + from.sender() + " are not expected at " + own.sender());
        }
        long age = own.wallMillis() - from.wallMillis();
        boolean harmless =
                batch.items().stream().allMatch(i -> i.request() instanceof Request.Ping);
        if (age > maxAgeMillis && !harmless) {
            return new BatchAnswer.Refusal(
                    Reason.STALE_MESSAGE,
                    "the message is "
                            + age
                            + " ms old by the clock of "
                            + own.sender()
                            + "; at most "
                            + maxAgeMillis
                            + " ms are accepted");
        }
        return null;
    }
}

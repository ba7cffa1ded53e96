package dev.minidynamo.runtime;

import dev.minidynamo.protocol.BatchAnswer;
import dev.minidynamo.protocol.BatchCodec;
import dev.minidynamo.protocol.LinkFaults;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Reply.Failure;
import dev.minidynamo.protocol.Transport.Priority;
import dev.minidynamo.protocol.WireIdentity;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One queue of requests to one peer, of which one batch at a time is under way.
 *
 * <p>While a POST is under way, whatever comes waits and makes up the next one: that is the whole
 * of the batching, without any waiting for more. All of this object's state belongs to the event
 * loop; only the POST itself runs on the {@link LaneThread}.
 */
final class PeerLane {

    /** Most bytes of answers that one POST should cause, going by those that came before. */
    private static final double EXPECTED_ANSWER_BYTES = 4 << 20;

    private final Peer peer;
    private final EventLoop loop;
    private final TransportOptions options;
    private final WireIdentity identity;
    private final LinkFaults faults;
    private final LaneThread thread;
    private final List<ArrayDeque<PendingRequest>> queues = new ArrayList<>();
    private long queuedBytes;
    private long batches;
    private long carried;
    private long sentBytes;
    private long receivedBytes;
    private double answerBytesPerRequest = 64;
    private @Nullable LaneBatch underWay;
    private boolean flushArranged;

    PeerLane(String name, Peer peer, TransportOptions options, Context context) {
        this.peer = peer;
        this.loop = context.loop;
        this.options = options;
        this.identity = context.identity;
        this.faults = context.faults;
        for (int i = 0; i < Priority.values().length; i++) {
            queues.add(new ArrayDeque<>());
        }
        this.thread =
                new LaneThread(
                        name,
                        peer,
                        options,
                        context.codec,
                        (batch, result) -> loop.execute(() -> ended(batch, result)));
    }

    /** What all lanes of a node share. */
    record Context(EventLoop loop, WireIdentity identity, LinkFaults faults, BatchCodec codec) {}

    /** Queues a request; false if there is no room. */
    boolean offer(PendingRequest pending) {
        int bytes = pending.bytes();
        if (queuedBytes + bytes > options.maxQueueBytes()) {
            return false;
        }
        queuedBytes += bytes;
        queues.get(pending.priority.ordinal()).add(pending);
        if (underWay == null && !flushArranged) {
            flushArranged = true;
            loop.atEndOfRound(this::flush);
        }
        return true;
    }

    Traffic traffic() {
        return new Traffic(batches, carried, sentBytes, receivedBytes, queuedBytes);
    }

    /** Gives up a POST of which nobody waits for anything any more. */
    void abortIfPointless() {
        LaneBatch batch = underWay;
        if (batch != null && batch.requests().stream().allMatch(PendingRequest::answered)) {
            thread.abort();
        }
    }

    void close() {
        thread.close();
    }

    private void flush() {
        flushArranged = false;
        while (underWay == null) {
            List<PendingRequest> requests = takeBatch();
            if (requests.isEmpty()) {
                return;
            }
            requests.forEach(PendingRequest::markSent);
            LinkFaults.Rule rule = faults.rule(peer.id());
            if (rule != null && rule.loses(ThreadLocalRandom.current().nextInt(100))) {
                continue; // lost on the way: their time runs out
            }
            underWay =
                    new LaneBatch(
                            identity.header(), requests, rule == null ? 0 : rule.delayMillis());
            thread.post(underWay);
        }
    }

    private List<PendingRequest> takeBatch() {
        int most =
                (int)
                        Math.clamp(
                                EXPECTED_ANSWER_BYTES / answerBytesPerRequest,
                                1,
                                options.maxBatchItems());
        List<PendingRequest> taken = new ArrayList<>();
        long bytes = 0;
        for (ArrayDeque<PendingRequest> queue : queues) {
            while (taken.size() < most && !queue.isEmpty()) {
                PendingRequest first = queue.element();
                int size = first.bytes();
                if (!first.answered()) {
                    if (!taken.isEmpty() && bytes + size > options.maxBatchBytes()) {
                        return taken;
                    }
                    bytes += size;
                    taken.add(first);
                }
                queuedBytes -= size;
                queue.remove();
            }
        }
        return taken;
    }

    private void ended(LaneBatch batch, LaneResult result) {
        underWay = null;
        switch (result) {
            case LaneResult.Broken broken ->
                    answerAll(batch, new Reply.Failed(broken.failure(), broken.detail()));
            case LaneResult.Denied denied ->
                    answerAll(batch, new Reply.Refused(denied.reason(), denied.detail()));
            case LaneResult.Answered answered -> answered(batch, answered);
        }
        if (!flushArranged) {
            flushArranged = true;
            loop.atEndOfRound(this::flush);
        }
    }

    private void answered(LaneBatch batch, LaneResult.Answered answered) {
        batches++;
        carried += batch.requests().size();
        sentBytes += answered.sentBytes();
        receivedBytes += answered.bytes();
        double each = (double) answered.bytes() / batch.requests().size();
        answerBytesPerRequest = Math.max(1, Math.max(each, 0.8 * answerBytesPerRequest));
        switch (answered.answer()) {
            case BatchAnswer.Replies replies -> {
                identity.observe(replies.header());
                for (int i = 0; i < batch.requests().size(); i++) {
                    batch.requests().get(i).answer(replies.replies().get(i));
                }
            }
            case BatchAnswer.Refusal refusal ->
                    answerAll(batch, new Reply.Refused(refusal.reason(), detail(refusal)));
        }
    }

    private String detail(BatchAnswer.Refusal refusal) {
        return refusal.reason() == Reply.Reason.RING_MISMATCH
                ? peer.id()
                        + " has another ring: "
                        + refusal.detail()
                        + "; this node has "
                        + identity.ringDescription()
                : refusal.detail();
    }

    private static void answerAll(LaneBatch batch, Reply reply) {
        batch.requests().forEach(pending -> pending.answer(reply));
    }

    /** The answer to a request that did not fit into the queue. */
    Reply full() {
        return new Reply.Failed(
                Failure.NOT_SENT, "queue full: " + queuedBytes + " bytes wait for " + peer.id());
    }
}

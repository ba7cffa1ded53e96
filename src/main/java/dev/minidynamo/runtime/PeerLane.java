package dev.minidynamo.runtime;

import dev.minidynamo.protocol.BatchAnswer;
import dev.minidynamo.protocol.BatchCodec;
import dev.minidynamo.protocol.LinkFaults;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Reply.Failure;
import dev.minidynamo.protocol.Transport.Priority;
import dev.minidynamo.protocol.WireIdentity;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * One queue of requests to one peer, of which one batch or a few are under way.
 *
 * <p>What is queued in one round of the event loop leaves at its end in one POST. While all POSTs
 * are under way, whatever comes waits and makes up the next one. All of this object's state belongs
 * to the event loop; only the POSTs themselves run on the {@link LaneThread}s.
 */
final class PeerLane {

    /** Most bytes of answers that one POST should cause, going by those that came before. */
    private static final double EXPECTED_ANSWER_BYTES = 4 << 20;

    private final Peer peer;
    private final EventLoop loop;
    private final TransportOptions options;
    private final WireIdentity identity;
    private final LinkFaults faults;
    private final OtherRings otherRings;
    private final List<Post> posts = new ArrayList<>();
    private final ArrayDeque<Post> free = new ArrayDeque<>();
    private final List<ArrayDeque<PendingRequest>> queues = new ArrayList<>();
    private long queuedBytes;
    private long batches;
    private long carried;
    private long sentBytes;
    private long receivedBytes;
    private double answerBytesPerRequest = 64;
    private boolean flushArranged;

    /**
     * @param mostPosts under way at a time; each has a thread and a connection
     */
    PeerLane(String name, Peer peer, TransportOptions options, Context context, int mostPosts) {
        this.peer = peer;
        this.loop = context.loop;
        this.options = options;
        this.identity = context.identity;
        this.faults = context.faults;
        this.otherRings = context.otherRings;
        for (int i = 0; i < Priority.values().length; i++) {
            queues.add(new ArrayDeque<>());
        }
        for (int i = 1; i <= mostPosts; i++) {
            posts.add(new Post(mostPosts == 1 ? name : name + "-" + i, context.codec));
        }
        free.addAll(posts);
    }

    /** A thread and the batch that it posts, if any. */
    private final class Post {
        private final LaneThread thread;
        private List<PendingRequest> requests = List.of();

        Post(String name, BatchCodec codec) {
            thread =
                    new LaneThread(
                            name,
                            peer,
                            options,
                            codec,
                            result -> loop.execute(() -> ended(this, result)));
        }
    }

    /** What all lanes of a node share. */
    record Context(
            EventLoop loop,
            WireIdentity identity,
            LinkFaults faults,
            BatchCodec codec,
            OtherRings otherRings) {}

    /** Queues a request; false if there is no room. */
    boolean offer(PendingRequest pending) {
        int bytes = pending.bytes();
        if (queuedBytes + bytes > options.maxQueueBytes()) {
            return false;
        }
        queuedBytes += bytes;
        queues.get(pending.priority.ordinal()).add(pending);
        arrangeFlush();
        return true;
    }

    /** Opens the connection of every POST with a request of its own. */
    void warmUp(Supplier<PendingRequest> requests) {
        for (int i = 0; i < posts.size(); i++) {
            offer(requests.get());
            flush();
        }
    }

    int mostPosts() {
        return posts.size();
    }

    Traffic traffic() {
        return new Traffic(batches, carried, sentBytes, receivedBytes, queuedBytes);
    }

    /** Gives up a POST of which nobody waits for anything any more. */
    void abortIfPointless() {
        for (Post post : posts) {
            List<PendingRequest> requests = post.requests;
            if (!requests.isEmpty() && requests.stream().allMatch(PendingRequest::answered)) {
                post.thread.abort();
            }
        }
    }

    void close() {
        posts.forEach(post -> post.thread.close());
    }

    private void arrangeFlush() {
        if (!flushArranged && !free.isEmpty()) {
            flushArranged = true;
            loop.atEndOfRound(this::flush);
        }
    }

    private void flush() {
        flushArranged = false;
        while (!free.isEmpty()) {
            List<PendingRequest> requests = takeBatch();
            if (requests.isEmpty()) {
                return;
            }
            requests.forEach(PendingRequest::markSent);
            LinkFaults.Rule rule = faults.rule(peer.id());
            if (rule != null && rule.loses(ThreadLocalRandom.current().nextInt(100))) {
                continue; // lost on the way: their time runs out
            }
            Post post = free.removeFirst();
            post.requests = requests;
            int delayMillis = rule == null ? 0 : rule.delayMillis();
            post.thread.post(new LaneBatch(identity.header(), requests, delayMillis));
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

    private void ended(Post post, LaneResult result) {
        List<PendingRequest> batch = post.requests;
        post.requests = List.of();
        free.addFirst(post);
        switch (result) {
            case LaneResult.Broken broken ->
                    answerAll(batch, new Reply.Failed(broken.failure(), broken.detail()));
            case LaneResult.Denied denied ->
                    answerAll(batch, new Reply.Refused(denied.reason(), denied.detail()));
            case LaneResult.Answered answered -> answered(batch, answered);
        }
        if (queuedBytes > 0) {
            arrangeFlush();
        }
    }

    private void answered(List<PendingRequest> batch, LaneResult.Answered answered) {
        batches++;
        carried += batch.size();
        sentBytes += answered.sentBytes();
        receivedBytes += answered.bytes();
        double each = (double) answered.bytes() / batch.size();
        answerBytesPerRequest = Math.max(1, Math.max(each, 0.8 * answerBytesPerRequest));
        switch (answered.answer()) {
            case BatchAnswer.Replies replies -> {
                identity.observe(replies.header());
                otherRings.accepted(peer.id());
                for (int i = 0; i < batch.size(); i++) {
                    batch.get(i).answer(replies.replies().get(i));
                }
            }
            case BatchAnswer.Refusal refusal ->
                    answerAll(batch, new Reply.Refused(refusal.reason(), detail(refusal)));
        }
    }

    private String detail(BatchAnswer.Refusal refusal) {
        if (refusal.reason() != Reply.Reason.RING_MISMATCH) {
            return refusal.detail();
        }
        String sentence =
                peer.id()
                        + " has another ring: "
                        + refusal.detail()
                        + "; this node has "
                        + identity.ringDescription();
        otherRings.refused(peer.id(), sentence);
        return sentence;
    }

    private static void answerAll(List<PendingRequest> batch, Reply reply) {
        batch.forEach(pending -> pending.answer(reply));
    }

    /** The answer to a request that did not fit into the queue. */
    Reply full() {
        return new Reply.Failed(
                Failure.NOT_SENT, "queue full: " + queuedBytes + " bytes wait for " + peer.id());
    }
}

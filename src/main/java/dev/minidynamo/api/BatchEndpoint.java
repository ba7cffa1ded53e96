package dev.minidynamo.api;

import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.BatchAdmission;
import dev.minidynamo.protocol.BatchAnswer;
import dev.minidynamo.protocol.BatchCodec;
import dev.minidynamo.protocol.LinkFaults;
import dev.minidynamo.protocol.MalformedMessageException;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Reply.Reason;
import dev.minidynamo.protocol.RequestBatch;
import dev.minidynamo.protocol.RequestHandler;
import dev.minidynamo.protocol.WireIdentity;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The receiving end of batches: one task on the event loop handles all requests of one, and its
 * virtual thread waits until all are answered.
 *
 * <p>A request that is still unanswered when its asker has stopped waiting is answered {@link
 * Reason#DEADLINE_PASSED}, so that one slow request does not hold the replies of the others for
 * ever.
 */
public final class BatchEndpoint {

    /** The longest body of a batch; a single value may be longer than a batch should be. */
    static final int MAX_BODY_BYTES = 64 << 20;

    private static final int MAX_ANSWER_BYTES = 64 << 20;
    private static final int MAX_WAIT_MILLIS = 60_000;
    private static final BatchAnswer LOST =
            new BatchAnswer.Refusal(Reason.OVERLOADED, "lost on purpose by a fault rule");
    private static final Reply OVERDUE =
            new Reply.Refused(Reason.DEADLINE_PASSED, "not done within the time of the request");

    private final Scheduler loop;
    private final Clock clock;
    private final WireIdentity identity;
    private final RequestHandler handler;
    private final LinkFaults faults;
    private final BatchAdmission admission;
    private final BatchCodec codec = new BatchCodec();

    /**
     * @param ring the nodes whose batches are taken
     */
    public BatchEndpoint(
            Scheduler loop,
            Clock clock,
            WireIdentity identity,
            RequestHandler handler,
            LinkFaults faults,
            List<NodeId> ring) {
        this.loop = loop;
        this.clock = clock;
        this.identity = identity;
        this.handler = handler;
        this.faults = faults;
        this.admission = new BatchAdmission(identity, ring, BatchAdmission.MAX_AGE_MILLIS);
    }

    /**
     * The answer to the batch in {@code body}.
     *
     * <p>A batch that a fault rule loses is answered when its sender waits no more.
     *
     * @throws MalformedMessageException if the body is no batch
     */
    byte[] answer(byte[] body, int length) throws MalformedMessageException {
        long arrivedNanos = clock.monotonicNanos();
        RequestBatch batch = codec.decodeRequests(body, length);
        LinkFaults.Rule rule = faults.rule(batch.header().sender());
        if (rule != null) {
            if (rule.loses(ThreadLocalRandom.current().nextInt(100))) {
                batch.items().stream()
                        .mapToInt(RequestBatch.Item::timeoutMillis)
                        .max()
                        .ifPresent(this::pause);
                return codec.encode(LOST, MAX_ANSWER_BYTES);
            }
            pause(rule.delayMillis());
        }
        Collector collector = new Collector(batch, arrivedNanos);
        loop.execute(collector::handle);
        return codec.encode(collector.await(), MAX_ANSWER_BYTES);
    }

    private void pause(int millis) {
        long until = clock.monotonicNanos() + Math.min(millis, MAX_WAIT_MILLIS) * 1_000_000L;
        for (long left = until - clock.monotonicNanos();
                left > 0;
                left = until - clock.monotonicNanos()) {
            LockSupport.parkNanos(this, left);
        }
    }

    /** Gathers the replies to one batch. */
    private final class Collector {

        private final RequestBatch batch;
        private final long arrivedNanos;
        private final @Nullable Reply[] replies;
        private final Thread waiter = Thread.currentThread();
        private int missing;
        private Scheduler.@Nullable Timer guard;
        private volatile @Nullable BatchAnswer answer;

        Collector(RequestBatch batch, long arrivedNanos) {
            this.batch = batch;
            this.arrivedNanos = arrivedNanos;
            this.replies = new @Nullable Reply[batch.items().size()];
            this.missing = replies.length;
        }

        /** On the event loop. */
        void handle() {
            BatchAnswer.Refusal refusal = admission.refusal(batch);
            if (refusal != null) {
                finish(refusal);
                return;
            }
            identity.observe(batch.header());
            long waitedMillis = (clock.monotonicNanos() - arrivedNanos) / 1_000_000;
            int longest = 0;
            for (int i = 0; i < replies.length; i++) {
                RequestBatch.Item item = batch.items().get(i);
                if (waitedMillis > item.timeoutMillis()) {
                    replied(i, OVERDUE);
                } else {
                    longest = Math.max(longest, item.timeoutMillis());
                    handler.handle(batch.header().sender(), item.request(), receiver(i));
                }
            }
            if (missing > 0) {
                guard = loop.after(Math.min(longest, MAX_WAIT_MILLIS), this::complete);
            } else if (replies.length == 0) {
                complete();
            }
        }

        private Consumer<Reply> receiver(int index) {
            return reply -> replied(index, reply);
        }

        private void replied(int index, Reply reply) {
            if (replies[index] == null && answer == null) {
                replies[index] = reply;
                if (--missing == 0) {
                    complete();
                }
            }
        }

        private void complete() {
            if (answer != null) {
                return;
            }
            if (guard != null) {
                guard.cancel();
            }
            List<Reply> all = new ArrayList<>(replies.length);
            for (Reply reply : replies) {
                all.add(reply == null ? OVERDUE : reply);
            }
            finish(new BatchAnswer.Replies(identity.header(), all));
        }

        private void finish(BatchAnswer whole) {
            answer = whole;
            LockSupport.unpark(waiter);
        }

        BatchAnswer await() {
            BatchAnswer value = answer;
            while (value == null) {
                LockSupport.park(this);
                value = answer;
            }
            return value;
        }
    }
}

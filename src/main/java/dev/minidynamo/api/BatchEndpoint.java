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
import java.util.function.Consumer;

/**
 * The receiving end of batches, on the event loop: a batch is answered when all of its requests
 * are.
 *
 * <p>A request that is still unanswered when its asker has stopped waiting is answered {@link
 * Reason#DEADLINE_PASSED}, so that one slow request does not hold the replies of the others for
 * ever.
 */
public final class BatchEndpoint implements PlainHandler {

    /** The longest body of a batch; a single value may be longer than a batch should be. */
    static final int MAX_BODY_BYTES = 64 << 20;

    private static final String CONTENT_TYPE = "application/octet-stream";
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

    @Override
    public void takeBody(PlainRequest request) {
        if (request.bodyBytes() > MAX_BODY_BYTES) {
            throw tooLarge();
        }
    }

    @Override
    public void releaseBody(PlainRequest request) {}

    @Override
    public void serve(PlainRequest request, byte[] body, Consumer<HttpAnswer> answer) {
        answer(body, answer);
    }

    static Problem tooLarge() {
        return new Problem(413, "a batch has a Content-Length of at most " + MAX_BODY_BYTES);
    }

    /**
     * Answers the batch in {@code body}; called on the event loop.
     *
     * <p>The answer is 200 and a coded one, whatever became of the requests, or 400 if the body is
     * no batch. A batch that a fault rule loses is answered when its sender waits no more.
     */
    void answer(byte[] body, Consumer<HttpAnswer> answer) {
        Collector collector;
        try {
            collector = new Collector(codec.decodeRequests(body, body.length), answer);
        } catch (MalformedMessageException e) {
            answer.accept(Problem.badRequest(String.valueOf(e.getMessage())).answer());
            return;
        }
        LinkFaults.Rule rule = faults.rule(collector.batch.header().sender());
        if (rule == null) {
            collector.handle();
        } else if (rule.loses(ThreadLocalRandom.current().nextInt(100))) {
            int longest =
                    collector.batch.items().stream()
                            .mapToInt(RequestBatch.Item::timeoutMillis)
                            .max()
                            .orElse(0);
            later(longest, () -> collector.finish(LOST));
        } else {
            later(rule.delayMillis(), collector::handle);
        }
    }

    private void later(int millis, Runnable task) {
        loop.after(Math.min(millis, MAX_WAIT_MILLIS), task);
    }

    /** Gathers the replies to one batch. */
    private final class Collector {

        private final RequestBatch batch;
        private final long arrivedNanos;
        private final @Nullable Reply[] replies;
        private final Consumer<HttpAnswer> answer;
        private int missing;
        private Scheduler.@Nullable Timer guard;
        private boolean finished;

        Collector(RequestBatch batch, Consumer<HttpAnswer> answer) {
            this.batch = batch;
            this.arrivedNanos = clock.monotonicNanos();
            this.answer = answer;
            this.replies = new @Nullable Reply[batch.items().size()];
            this.missing = replies.length;
        }

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
            if (replies[index] == null && !finished) {
                replies[index] = reply;
                if (--missing == 0) {
                    complete();
                }
            }
        }

        private void complete() {
            if (finished) {
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
            finished = true;
            answer.accept(
                    new HttpAnswer(200).body(CONTENT_TYPE, codec.encode(whole, MAX_ANSWER_BYTES)));
        }
    }
}

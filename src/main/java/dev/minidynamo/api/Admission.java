package dev.minidynamo.api;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bound on what a node works on for its clients at one time.
 *
 * <p>What comes beyond it is turned away at once, before its body is read: a queue would only make
 * every request late, and memory the limit. Most of it ends in the {@link EntranceFilter}, because
 * what turning away costs is taken from what the node can do. A client that sends its body slowly
 * takes room for its bytes alone, not for an operation.
 */
final class Admission {

    private final ApiOptions.Bounds bounds;
    private final AtomicInteger operations = new AtomicInteger();
    private final AtomicLong bodyBytes = new AtomicLong();

    Admission(ApiOptions.Bounds bounds) {
        this.bounds = bounds;
    }

    /** Whether there is no room for one more operation. */
    boolean isFull() {
        return operations.get() >= bounds.operations();
    }

    /**
     * Takes room for a body; {@link #releaseBody} gives it back.
     *
     * @param required the quorum, for the answer
     * @throws Problem 503 if there is none, or none for the operation that would follow
     */
    void takeBody(long bytes, int required) {
        if (isFull()) {
            throw overloaded(required);
        }
        if (bodyBytes.addAndGet(bytes) > bounds.bodyBytes()) {
            bodyBytes.addAndGet(-bytes);
            throw overloaded(required);
        }
    }

    void releaseBody(long bytes) {
        bodyBytes.addAndGet(-bytes);
    }

    /**
     * Takes room for an operation; {@link #releaseOperation} gives it back.
     *
     * @throws Problem 503 if there is none
     */
    void takeOperation(int required) {
        if (operations.incrementAndGet() > bounds.operations()) {
            operations.decrementAndGet();
            throw overloaded(required);
        }
    }

    void releaseOperation() {
        operations.decrementAndGet();
    }

    /**
     * The answer to what is turned away.
     *
     * @param required the quorum that it asked for
     */
    static Problem overloaded(int required) {
        return Answers.retryLater("this node has as much to do as it takes on; nothing was done")
                .with("required", required)
                .with("acknowledged", 0)
                .with("outcome", "rejected")
                .with("replicas", List.of());
    }
}

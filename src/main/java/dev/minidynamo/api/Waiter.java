package dev.minidynamo.api;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The place where a request's virtual thread waits for the event loop's answer.
 *
 * <p>It waits without a time limit of its own: an operation is always answered by its own timer on
 * the loop, and a loop that fails ends the process. A timed wait would cost a second timer for
 * every request.
 */
final class Waiter<T> implements Consumer<T> {

    private final Thread thread = Thread.currentThread();
    private volatile @Nullable T answer;

    @Override
    public void accept(T value) {
        answer = value;
        LockSupport.unpark(thread);
    }

    /** Waits for the answer; called by the thread that made this object. */
    T await() {
        boolean interrupted = false;
        T value = answer;
        while (value == null) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
            value = answer;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return value;
    }
}

package dev.minidynamo.app;

import dev.minidynamo.runtime.EventLoop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Calls into a node's event loop from outside and waits for the result. */
final class NodeLoop {

    private final EventLoop loop;

    NodeLoop(EventLoop loop) {
        this.loop = loop;
    }

    /** The result of {@code call} on the loop. */
    <T> T call(Supplier<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(call.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result.join();
    }

    /** What a call on the loop answers later, or throws as {@link CompletionException}. */
    <T, E extends Exception> T await(BiConsumer<Consumer<T>, Consumer<E>> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> call.accept(result::complete, result::completeExceptionally));
        return result.join();
    }

    /** Runs {@code call} on the loop and waits until it says that it is done. */
    void run(Consumer<Runnable> call) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        loop.execute(() -> call.accept(() -> result.complete(true)));
        result.join();
    }
}

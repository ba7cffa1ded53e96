package dev.minidynamo.app.observe;

import dev.minidynamo.env.Scheduler;
import dev.minidynamo.node.Node;
import dev.minidynamo.runtime.HttpTransport;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The node's latest {@link Sample}, taken on its event loop at most once a second, whoever asks and
 * however often. So metrics cost nothing where keys are served, and the values of one scrape belong
 * together.
 */
final class Samples {

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PATIENCE_MILLIS = 500;

    private final Scheduler loop;
    private final Node node;
    private final HttpTransport transport;
    private @Nullable Sample last;
    private long takenNanos;

    Samples(Scheduler loop, Node node, HttpTransport transport) {
        this.loop = loop;
        this.node = node;
        this.transport = transport;
    }

    /** The latest sample; an old one while the loop does not answer, and null before the first. */
    synchronized @Nullable Sample latest() {
        if (last == null || System.nanoTime() - takenNanos > FRESH_NANOS) {
            last = take(last);
            takenNanos = System.nanoTime();
        }
        return last;
    }

    private @Nullable Sample take(@Nullable Sample otherwise) {
        CompletableFuture<Sample> fresh = new CompletableFuture<>();
        loop.execute(() ->
                fresh.complete(
                        new Sample(node.status(), transport.traffic(), transport.otherRings())));
        try {
            return fresh.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise;
        } catch (ExecutionException | TimeoutException e) {
            return otherwise;
        }
    }
}

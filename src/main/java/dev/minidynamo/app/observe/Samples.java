package dev.minidynamo.app.observe;

import dev.minidynamo.env.Scheduler;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The node's latest {@link Sample}, taken on its event loop at most once a second, whoever asks and
 * however often. So metrics cost nothing where keys are served, and the values of one scrape belong
 * together.
 */
final class Samples {

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long HUNG_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long PATIENCE_MILLIS = 500;

    private final Scheduler loop;
    private final Supplier<Sample> look;
    private final LongSupplier nanos;
    private @Nullable Sample last;
    private long takenNanos;
    private boolean silent;
    private long silentSinceNanos;

    /**
     * @param look takes a sample; called on the loop
     * @param nanos a clock that never goes back
     */
    Samples(Scheduler loop, Supplier<Sample> look, LongSupplier nanos) {
        this.loop = loop;
        this.look = look;
        this.nanos = nanos;
    }

    /** The latest sample; an old one while the loop does not answer, and null before the first. */
    synchronized @Nullable Sample latest() {
        if (last == null || nanos.getAsLong() - takenNanos > FRESH_NANOS) {
            long asked = nanos.getAsLong();
            Sample fresh = take();
            if (fresh != null) {
                last = fresh;
            } else if (!silent) {
                silentSinceNanos = asked;
            }
            silent = fresh == null;
            takenNanos = nanos.getAsLong();
        }
        return last;
    }

    /**
     * The latest sample, or null where the loop has left all questions of some seconds unanswered.
     */
    synchronized @Nullable Sample latestUnlessHung() {
        Sample sample = latest();
        return silent && nanos.getAsLong() - silentSinceNanos > HUNG_NANOS ? null : sample;
    }

    private @Nullable Sample take() {
        CompletableFuture<Sample> fresh = new CompletableFuture<>();
        loop.execute(() -> fresh.complete(look.get()));
        try {
            return fresh.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | TimeoutException e) {
            return null;
        }
    }
}

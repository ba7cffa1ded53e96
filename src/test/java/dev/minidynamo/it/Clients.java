package dev.minidynamo.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Several clients at a time. */
final class Clients {

    private Clients() {}

    /**
     * Lets {@code count} threads do the same work, three minutes at most; what one throws fails.
     */
    static void inParallel(int count, Runnable work) throws InterruptedException {
        Set<String> thrown = new ConcurrentSkipListSet<>();
        ExecutorService threads = Executors.newFixedThreadPool(count);
        for (int t = 0; t < count; t++) {
            threads.execute(() -> {
                try {
                    work.run();
                } catch (RuntimeException | AssertionError e) {
                    thrown.add(e.toString());
                }
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(3, TimeUnit.MINUTES)).isTrue();
        assertThat(thrown).isEmpty();
    }
}

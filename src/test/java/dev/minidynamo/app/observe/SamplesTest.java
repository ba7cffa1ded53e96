package dev.minidynamo.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.env.Scheduler;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

class SamplesTest {

    private long seconds = 1_000;
    private boolean hung;

    private Sample looked() {
        return new Sample(null, Map.of(), Set.of());
    }

    private final Samples samples =
            new Samples(new Loop(), this::looked, () -> TimeUnit.SECONDS.toNanos(seconds));

    /** An event loop that can be made to hang. */
    private final class Loop implements Scheduler {

        @Override
        public void execute(Runnable task) {
            if (!hung) {
                task.run();
            }
        }

        @Override
        public Timer after(long delayMillis, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Timer every(long periodMillis, Runnable task) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void aLoopThatAnswersNothingForSecondsIsToldFromOneThatIsLate() {
        assertThat(samples.latestUnlessHung()).isNotNull();
        hung = true;
        seconds += 60;
        assertThat(samples.latestUnlessHung()).as("it was not asked for a minute").isNotNull();
        seconds += 6;
        assertThat(samples.latestUnlessHung()).isNull();
        assertThat(samples.latest()).as("what counters go on from").isNotNull();

        hung = false;
        seconds += 2;
        assertThat(samples.latestUnlessHung()).isNotNull();
    }
}

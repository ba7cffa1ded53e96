package dev.minidynamo.app.bench;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Which key comes next; shared by all threads. */
final class KeySpace {

    private final Zipfian popularity;
    private final AtomicLong inserted;

    KeySpace(int keys) {
        popularity = new Zipfian(keys);
        inserted = new AtomicLong(keys);
    }

    /** An existing key: a popular one, or for D most likely one of the newest. */
    long existing(Workload workload, RandomGenerator random) {
        return workload == Workload.D
                ? Math.max(0, inserted.get() - 1 - popularity.rank(random))
                : popularity.scrambled(random);
    }

    /** A key that did not exist. */
    long fresh() {
        return inserted.getAndIncrement();
    }
}

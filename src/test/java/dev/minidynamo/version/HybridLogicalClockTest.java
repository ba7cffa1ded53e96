package dev.minidynamo.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.env.Clock;
import dev.minidynamo.model.Version;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

/** Promise P8: a node's clock never goes back. */
class HybridLogicalClockTest {

    private long wallMillis = 1_000;

    private final Clock clock =
            new Clock() {
                @Override
                public long wallMillis() {
                    return wallMillis;
                }

                @Override
                public long monotonicNanos() {
                    return 0;
                }
            };

    @Test
    void itFollowsTheWallClockWhileThatGoesForward() {
        HybridLogicalClock hlc = new HybridLogicalClock(clock, 0);
        assertThat(hlc.next()).isEqualTo(Version.timestampOf(1_000));
        wallMillis = 2_000;
        assertThat(hlc.next()).isEqualTo(Version.timestampOf(2_000));
    }

    @Test
    void itNeverGoesBackWhateverTheWallClockDoesAndWhateverItSees() {
        HybridLogicalClock hlc = new HybridLogicalClock(clock, 0);
        SplittableRandom random = new SplittableRandom(7);
        long last = -1;
        for (int i = 0; i < 10_000; i++) {
            wallMillis = Math.max(0, wallMillis + random.nextInt(-50, 51));
            if (random.nextInt(4) == 0) {
                long seen = Version.timestampOf(wallMillis + random.nextInt(100));
                hlc.observe(seen);
                last = Math.max(last, seen);
            }
            long peeked = hlc.peek();
            long next = hlc.next();
            assertThat(next).isGreaterThan(last).isEqualTo(peeked);
            last = next;
        }
    }

    @Test
    void itStartsAboveItsFloor() {
        long floor = Version.timestampOf(5_000);
        assertThat(new HybridLogicalClock(clock, floor).next()).isGreaterThan(floor);
    }
}

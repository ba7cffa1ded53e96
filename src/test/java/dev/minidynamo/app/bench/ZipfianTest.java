package dev.minidynamo.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

class ZipfianTest {

    private static final int DRAWS = 200_000;

    @Test
    void theShareOfEachRankFollowsThePowerLaw() {
        int count = 1_000;
        Zipfian zipfian = new Zipfian(count);
        SplittableRandom random = new SplittableRandom(1);
        int[] drawn = new int[count];
        for (int i = 0; i < DRAWS; i++) {
            drawn[(int) zipfian.rank(random)]++;
        }
        double zeta = 0;
        for (int rank = 1; rank <= count; rank++) {
            zeta += 1 / Math.pow(rank, 0.99);
        }
        assertThat(drawn[0] / (double) DRAWS).isCloseTo(1 / zeta, Offset.offset(0.005));
        assertThat(drawn[1] / (double) DRAWS)
                .isCloseTo(1 / Math.pow(2, 0.99) / zeta, Offset.offset(0.005));
    }

    @Test
    void scrambledKeysStayWithinTheCountAndDoNotStartAtZero() {
        Zipfian zipfian = new Zipfian(100);
        SplittableRandom random = new SplittableRandom(2);
        int[] drawn = new int[100];
        for (int i = 0; i < DRAWS; i++) {
            drawn[(int) zipfian.scrambled(random)]++;
        }
        int most = 0;
        for (int i = 0; i < drawn.length; i++) {
            most = drawn[i] > drawn[most] ? i : most;
        }
        assertThat(most).isNotZero();
    }

    @Test
    void oneKeyIsAlwaysTheSame() {
        assertThat(new Zipfian(1).scrambled(new SplittableRandom(3))).isZero();
    }
}

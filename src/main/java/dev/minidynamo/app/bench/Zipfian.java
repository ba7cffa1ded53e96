package dev.minidynamo.app.bench;

import java.util.random.RandomGenerator;

/**
 * Numbers from 0 to n−1 of which few are drawn often, as by Gray et al., "Quickly Generating
 * Billion-Record Synthetic Databases", SIGMOD 1994, with YCSB's exponent of 0.99.
 */
final class Zipfian {

    private static final double THETA = 0.99;
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private final long count;
    private final double zeta;
    private final double eta;

    Zipfian(long count) {
        this.count = count;
        double sum = 0;
        for (long rank = 1; rank <= count; rank++) {
            sum += 1 / Math.pow((double) rank, THETA);
        }
        zeta = sum;
        double zetaOfTwo = 1 + Math.pow(0.5, THETA);
        eta = (1 - Math.pow(2.0 / count, 1 - THETA)) / (1 - zetaOfTwo / sum);
    }

    /** A rank: 0 is the most popular. */
    long rank(RandomGenerator random) {
        double draw = random.nextDouble();
        double scaled = draw * zeta;
        if (scaled < 1 || count == 1) {
            return 0;
        }
        if (scaled < 1 + Math.pow(0.5, THETA)) {
            return 1;
        }
        double rank = count * Math.pow(eta * draw - eta + 1, 1 / (1 - THETA));
        return Math.min((long) rank, count - 1);
    }

    /** A key: the popular ones are spread over all, as in YCSB's scrambled form. */
    long scrambled(RandomGenerator random) {
        long rank = rank(random);
        long hash = FNV_OFFSET;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            hash = (hash ^ ((rank >>> shift) & 0xFF)) * FNV_PRIME;
        }
        return (hash & Long.MAX_VALUE) % count;
    }
}

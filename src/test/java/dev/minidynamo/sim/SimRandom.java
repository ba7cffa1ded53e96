package dev.minidynamo.sim;

import dev.minidynamo.env.RandomSource;

/** Seeded random numbers: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
public final class SimRandom implements RandomSource {

    private long state;

    public SimRandom(long seed) {
        state = seed;
    }

    @Override
    public long nextLong() {
        state += 0x9e3779b97f4a7c15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** A number within {@code 0..bound-1}. */
    public int nextInt(int bound) {
        return (int) Math.floorMod(nextLong() >>> 16, (long) bound);
    }

    /** A source of its own, so that one consumer's draws do not shift another's. */
    public SimRandom split() {
        return new SimRandom(nextLong());
    }
}

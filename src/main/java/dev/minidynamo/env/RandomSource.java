package dev.minidynamo.env;

/** Random numbers; seeded in the simulator. */
public interface RandomSource {

    long nextLong();

    /** A number within {@code 0..bound-1}. */
    int nextInt(int bound);
}

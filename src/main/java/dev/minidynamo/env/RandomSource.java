package dev.minidynamo.env;

/** Random numbers; seeded in the simulator. */
public interface RandomSource {

    long nextLong();
}

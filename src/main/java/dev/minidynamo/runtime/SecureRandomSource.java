package dev.minidynamo.runtime;

import dev.minidynamo.env.RandomSource;

import java.security.SecureRandom;

/** Random numbers that differ on every node and after every start. */
public final class SecureRandomSource implements RandomSource {

    private final SecureRandom random = new SecureRandom();

    @Override
    public long nextLong() {
        return random.nextLong();
    }
}

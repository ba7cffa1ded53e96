package dev.minidynamo.runtime;

import dev.minidynamo.env.Clock;

/** The clocks of the machine. */
public final class SystemClock implements Clock {

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long monotonicNanos() {
        return System.nanoTime();
    }
}

package dev.minidynamo.env;

/** The two clocks of a node. */
public interface Clock {

    /** Wall-clock time in milliseconds since 1970; may jump in either direction. */
    long wallMillis();

    /** Elapsed time in nanoseconds from an arbitrary origin; never goes back. */
    long monotonicNanos();
}

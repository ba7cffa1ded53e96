package dev.minidynamo.env;

/** Checks that are always on: a failed one is a bug, and it throws. */
public final class Invariants {

    private Invariants() {}

    /**
     * Demands that something holds.
     *
     * @throws IllegalStateException with {@code message} if {@code holds} is false
     */
    public static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalStateException("invariant broken: " + message);
        }
    }
}

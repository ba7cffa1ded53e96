package dev.minidynamo.sim;

import java.util.function.Supplier;

/** A promise that a simulation found broken. */
final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String invariant;

    /**
     * @param invariant its number, such as {@code I7}
     */
    Violation(String invariant, String what) {
        super(invariant + ": " + what, null, false, false);
        this.invariant = invariant;
    }

    String invariant() {
        return invariant;
    }

    /** Throws unless the promise holds; {@code what} is asked only then. */
    static void check(boolean holds, String invariant, Supplier<String> what) {
        if (!holds) {
            throw new Violation(invariant, what.get());
        }
    }
}

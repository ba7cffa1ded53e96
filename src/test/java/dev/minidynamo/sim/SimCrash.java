package dev.minidynamo.sim;

/** Unwinds whatever a simulated process was doing at the moment of its death. */
public final class SimCrash extends Error {

    private static final long serialVersionUID = 1L;

    public SimCrash(String where) {
        super(where, null, false, false);
    }
}

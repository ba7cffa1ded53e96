package dev.minidynamo.sim;

import dev.minidynamo.sim.SimDisk.Operation;

import java.io.IOException;

/** The errors that a node's disk is to give: now and then on reads, once on a change or a force. */
final class DiskFaults implements SimDisk.Faults {

    private long failEveryRead;
    private long reads;
    private long changesLeft = -1;
    private long forcesLeft = -1;
    private boolean gaveAny;

    void failReads(long every) {
        failEveryRead = every;
    }

    void failChange(long away) {
        changesLeft = away;
    }

    void failForce(long away) {
        forcesLeft = away;
    }

    void clear() {
        failEveryRead = 0;
        changesLeft = -1;
        forcesLeft = -1;
    }

    /** Whether the disk ever gave an error. */
    boolean gaveAny() {
        return gaveAny;
    }

    @Override
    public IOException before(Operation operation, String path, long ordinal) {
        return switch (operation) {
            case READ ->
                    failEveryRead > 0 && ++reads % failEveryRead == 0 ? error("read", path) : null;
            case WRITE, CREATE, MAKE_DIRECTORY, RESIZE, RENAME, DELETE ->
                    changesLeft >= 0 && changesLeft-- == 0 ? error("change", path) : null;
            case FORCE, FORCE_DIRECTORY ->
                    forcesLeft >= 0 && forcesLeft-- == 0 ? error("force", path) : null;
            case OPEN, LIST -> null;
        };
    }

    private IOException error(String what, String path) {
        gaveAny = true;
        return new IOException("input/output error on " + what + " of " + path);
    }
}

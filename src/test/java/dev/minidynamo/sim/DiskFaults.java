package dev.minidynamo.sim;

import dev.minidynamo.sim.SimDisk.Operation;

import java.io.IOException;

/** The errors that a node's disk is to give: now and then on reads, once on a write or a force. */
final class DiskFaults implements SimDisk.Faults {

    private long failEveryRead;
    private long reads;
    private long writesLeft = -1;
    private long forcesLeft = -1;

    void failReads(long every) {
        failEveryRead = every;
    }

    void failWrite(long away) {
        writesLeft = away;
    }

    void failForce(long away) {
        forcesLeft = away;
    }

    void clear() {
        failEveryRead = 0;
        writesLeft = -1;
        forcesLeft = -1;
    }

    @Override
    public IOException before(Operation operation, String path, long ordinal) {
        return switch (operation) {
            case READ ->
                    failEveryRead > 0 && ++reads % failEveryRead == 0 ? error("read", path) : null;
            case WRITE -> writesLeft >= 0 && writesLeft-- == 0 ? error("write", path) : null;
            case FORCE -> forcesLeft >= 0 && forcesLeft-- == 0 ? error("force", path) : null;
            default -> null;
        };
    }

    private static IOException error(String what, String path) {
        return new IOException("input/output error on " + what + " of " + path);
    }
}

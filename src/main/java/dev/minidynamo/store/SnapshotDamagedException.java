package dev.minidynamo.store;

/** Says that a snapshot is not what was written; the log is replayed without it. */
final class SnapshotDamagedException extends Exception {

    private static final long serialVersionUID = 1L;

    SnapshotDamagedException(String message) {
        super(message);
    }
}

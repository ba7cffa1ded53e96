package dev.minidynamo.wal;

/** Takes the outcome of an append, once, on the event loop; never after a failed force. */
public interface Appended {

    /**
     * The record is as durable as the log's {@link SyncMode} says.
     *
     * @param position its {@link LogPosition}
     * @param frameBytes its length on disk
     */
    void durable(long position, int frameBytes);

    /** The disk is full, and nothing of the record is on it. */
    void diskFull(String why);

    /**
     * Too much waits for the disk, and nothing of the record is on it; passes, as a full disk may.
     */
    default void overloaded(String why) {
        diskFull(why);
    }
}

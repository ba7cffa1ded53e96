package dev.minidynamo.wal;

import java.io.IOException;

/** Takes the records of a log in order while it is opened; called on the worker. */
@FunctionalInterface
public interface Replay {

    /**
     * Takes one record.
     *
     * @param position the record's {@link LogPosition}
     * @param frameBytes its length on disk, to be given to {@link SegmentedLog#read}
     * @param bytes an array that holds the payload, valid only during the call
     * @param from where the payload begins in it
     * @param length the payload's length
     */
    void record(long position, int frameBytes, byte[] bytes, int from, int length)
            throws IOException;
}

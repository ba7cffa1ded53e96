package dev.minidynamo.store;

import dev.minidynamo.wal.LogMark;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/**
 * What a node writes down about every second.
 *
 * @param hlcUpperBound no timestamp above this was given out or observed (promise P8)
 * @param aliveMillis wall time of the writing
 * @param synchronised whether the node's data has been synchronised since it was blank
 * @param blank whether the directory was made without data and has not been synchronised since
 * @param durable the log was durable up to here, so that damage at its end is told from a torn tail
 */
record ClockRecord(
        long hlcUpperBound,
        long aliveMillis,
        boolean synchronised,
        boolean blank,
        LogMark durable) {

    static final int MAGIC = 0x4d44434b; // MDCK
    static final int VERSION = 1;

    private static final int BYTES = 41;

    static final ClockRecord NONE = new ClockRecord(0, 0, false, false, LogMark.START);

    /** Of a directory that was made just now. */
    static final ClockRecord BLANK = new ClockRecord(0, 0, false, true, LogMark.START);

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .putLong(hlcUpperBound)
                .putLong(aliveMillis)
                .put((byte) (synchronised ? 1 : blank ? 2 : 0))
                .putLong(durable.segment())
                .putLong(durable.offset())
                .putLong(durable.sequence())
                .array();
    }

    /** The record in {@code body}, or null if that is none. */
    static @Nullable ClockRecord decode(byte[] body) {
        if (body.length != BYTES) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(body);
        long upperBound = in.getLong();
        long alive = in.getLong();
        byte state = in.get();
        return new ClockRecord(
                upperBound,
                alive,
                state == 1,
                state == 2,
                new LogMark(in.getLong(), in.getLong(), in.getLong()));
    }

    ClockRecord withDurable(LogMark mark) {
        return new ClockRecord(hlcUpperBound, aliveMillis, synchronised, blank, mark);
    }

    ClockRecord withSynchronised(boolean value) {
        return new ClockRecord(hlcUpperBound, aliveMillis, value, blank && !value, durable);
    }

    ClockRecord withClock(long upperBound, long wallMillis) {
        return new ClockRecord(
                Math.max(hlcUpperBound, upperBound), wallMillis, synchronised, blank, durable);
    }
}

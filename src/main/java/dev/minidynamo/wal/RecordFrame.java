package dev.minidynamo.wal;

import java.nio.ByteBuffer;

/**
 * The frame around a record: checksum, length, sequence, watermark, then the payload.
 *
 * <p>{@code crc32c u32 | payload length varint | sequence in segment u24 | lag varint | payload}.
 * The watermark of a record is {@code sequence - lag}: every record before it was durable when this
 * one was written. That is what tells a torn tail from damage. A frame object is a cursor that is
 * used again and again, since millions are read at a start.
 */
final class RecordFrame {

    /** The longest payload, for writers and readers alike. */
    static final int MAX_PAYLOAD = 8 << 20;

    /** Most bytes around a payload. */
    static final int MAX_OVERHEAD = 4 + 4 + 3 + 2;

    /** Records that fit in a segment. */
    static final long MAX_RECORDS = 1 << 24;

    /** A lag that says nothing about what was durable; the largest that two bytes hold. */
    private static final long UNKNOWN_LAG = (1 << 14) - 1;

    private static final int CHECKSUM_BYTES = 4;
    private static final int SEQUENCE_BYTES = 3;

    private long sequence;
    private long watermark;
    private int frameBytes;
    private int payloadAt;
    private int payloadBytes;

    private int cursor;

    long sequence() {
        return sequence;
    }

    /** Records of the log that were durable when this one was written. */
    long watermark() {
        return watermark;
    }

    int frameBytes() {
        return frameBytes;
    }

    /** Index of the payload in the array that was read. */
    int payloadAt() {
        return payloadAt;
    }

    int payloadBytes() {
        return payloadBytes;
    }

    /** Appends a record to {@code out}, whose array becomes a segment from {@code fileOffset}. */
    static int encode(ByteBuffer out, Seed seed, long fileOffset, Numbers numbers, byte[] payload) {
        int start = out.position();
        out.putInt(0);
        putVarint(out, payload.length);
        int inSegment = (int) (numbers.sequence - seed.baseSequence());
        out.put((byte) (inSegment >>> 16)).putShort((short) inSegment);
        putVarint(out, Math.min(numbers.sequence - numbers.watermark, UNKNOWN_LAG));
        out.put(payload);
        int bytes = out.position() - start;
        int covered = bytes - CHECKSUM_BYTES;
        ByteBuffer rest = out.slice(start + CHECKSUM_BYTES, covered);
        out.putInt(start, seed.checksum(fileOffset, rest));
        return bytes;
    }

    /** The sequence of a record and its watermark. */
    record Numbers(long sequence, long watermark) {}

    /**
     * Reads the frame's head at {@code at}, without checking the checksum.
     *
     * @return bytes of the whole frame, or -1 if no record can begin like this
     */
    int peek(byte[] bytes, int at, int limit, Seed seed) {
        cursor = at + CHECKSUM_BYTES;
        if (cursor >= limit || bytes[cursor] == 0) {
            return -1;
        }
        long length = varint(bytes, limit, 4);
        if (length < 1 || length > MAX_PAYLOAD || cursor + SEQUENCE_BYTES > limit) {
            return -1;
        }
        int inSegment =
                (bytes[cursor] & 0xff) << 16
                        | (bytes[cursor + 1] & 0xff) << 8
                        | (bytes[cursor + 2] & 0xff);
        cursor += SEQUENCE_BYTES;
        long lag = varint(bytes, limit, 2);
        sequence = seed.baseSequence() + inSegment;
        watermark = lag == UNKNOWN_LAG ? 0 : sequence - lag;
        if (lag < 0 || watermark < 0) {
            return -1;
        }
        payloadAt = cursor;
        payloadBytes = (int) length;
        frameBytes = cursor - at + payloadBytes;
        return frameBytes;
    }

    /** Whether the frame that {@link #peek} saw at {@code at} is whole and unharmed. */
    boolean verify(byte[] bytes, int at, int limit, Seed seed, long fileOffset) {
        if (at + frameBytes > limit) {
            return false;
        }
        int stored = ByteBuffer.wrap(bytes).getInt(at);
        int covered = frameBytes - CHECKSUM_BYTES;
        return stored == seed.checksum(fileOffset, bytes, at + CHECKSUM_BYTES, covered);
    }

    private static void putVarint(ByteBuffer out, long value) {
        long rest = value;
        while (rest >= 0x80) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private long varint(byte[] bytes, int limit, int most) {
        long value = 0;
        for (int i = 0; i < most && cursor < limit; i++) {
            byte b = bytes[cursor++];
            value |= (long) (b & 0x7f) << (7 * i);
            if (b >= 0) {
                return value;
            }
        }
        return -1;
    }
}

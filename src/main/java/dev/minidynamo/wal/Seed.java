package dev.minidynamo.wal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What the checksum of a record covers besides its bytes: log, segment, format and place.
 *
 * <p>They cost nothing on disk and yet a record that was moved, or that belongs to another log,
 * fails its check. Not for use by two threads.
 */
final class Seed {

    /** Version of the segment format; also in every segment's header. */
    static final int FORMAT = 1;

    private static final int OFFSET_AT = 28;

    private final ByteBuffer prefix = ByteBuffer.allocate(32);
    private final CRC32C crc = new CRC32C();
    private final long baseSequence;

    Seed(SegmentHeader header) {
        this.baseSequence = header.baseSequence();
        prefix.putLong(header.identity())
                .putLong(header.segment())
                .putLong(baseSequence)
                .putInt(FORMAT);
    }

    long baseSequence() {
        return baseSequence;
    }

    /** Checksum of {@code length} bytes of a record that begins at {@code offset}. */
    int checksum(long offset, byte[] bytes, int from, int length) {
        begin(offset);
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /** Checksum of what remains of {@code bytes}, for a record that begins at {@code offset}. */
    int checksum(long offset, ByteBuffer bytes) {
        begin(offset);
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private void begin(long offset) {
        prefix.putInt(OFFSET_AT, (int) offset);
        crc.reset();
        crc.update(prefix.array(), 0, prefix.capacity());
    }
}

package dev.minidynamo.wal;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first bytes of a segment file.
 *
 * @param identity number drawn when the log was made
 * @param segment the segment's number, 1 for the first of a log
 * @param baseSequence records of the log before this segment
 */
record SegmentHeader(long identity, long segment, long baseSequence) {

    /** Length on disk. */
    static final int BYTES = 36;

    private static final int MAGIC = 0x4d444c47; // MDLG

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putInt(MAGIC).putShort((short) Seed.FORMAT).putShort((short) BYTES);
        out.putLong(identity).putLong(segment).putLong(baseSequence);
        out.putInt(checksum(out.array()));
        return out.array();
    }

    /** The header in {@code bytes}, or null if that is none. */
    static @Nullable SegmentHeader decode(byte[] bytes, int length) {
        if (length < BYTES) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        boolean known =
                in.getInt() == MAGIC && in.getShort() == Seed.FORMAT && in.getShort() == BYTES;
        if (!known || in.getInt(BYTES - 4) != checksum(bytes)) {
            return null;
        }
        return new SegmentHeader(in.getLong(), in.getLong(), in.getLong());
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, BYTES - 4);
        return (int) crc.getValue();
    }
}

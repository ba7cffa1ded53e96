package dev.minidynamo.wal;

import dev.minidynamo.env.DiskFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads single records of one segment and checks them; not for use by two threads. */
public final class SegmentReader {

    private final SegmentHeader header;
    private final DiskFile file;
    private final Seed seed;
    private final RecordFrame frame = new RecordFrame();

    SegmentReader(SegmentHeader header, DiskFile file) {
        this.header = header;
        this.file = file;
        this.seed = new Seed(header);
    }

    SegmentHeader header() {
        return header;
    }

    DiskFile file() {
        return file;
    }

    /** Another reader of the same segment, for another thread. */
    SegmentReader another() {
        return new SegmentReader(header, file);
    }

    /**
     * A record's payload within the array that was read.
     *
     * @param from index of its first byte
     */
    public record Payload(byte[] bytes, int from, int length) {}

    /** The record at {@code position}, or null if it does not pass its checksum. */
    public @Nullable Payload read(long position, int frameBytes) throws IOException {
        long offset = LogPosition.offset(position);
        byte[] bytes = new byte[frameBytes];
        int length = file.read(offset, ByteBuffer.wrap(bytes));
        boolean whole =
                frame.peek(bytes, 0, length, seed) == frameBytes
                        && frame.verify(bytes, 0, length, seed, offset);
        return whole ? new Payload(bytes, frame.payloadAt(), frame.payloadBytes()) : null;
    }
}

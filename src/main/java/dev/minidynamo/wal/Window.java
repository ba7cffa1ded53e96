package dev.minidynamo.wal;

import dev.minidynamo.env.DiskFile;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A moving part of a file in memory, so that a segment is read in large steps. */
final class Window {

    private static final int STEP = 1 << 20;

    private final DiskFile file;
    private final long fileBytes;
    private byte[] buffer;
    private long start;
    private int filled;

    Window(DiskFile file) throws IOException {
        this.file = file;
        this.fileBytes = file.size();
        this.buffer = new byte[Math.clamp(fileBytes, 64, STEP)];
    }

    long fileBytes() {
        return fileBytes;
    }

    /** The array that {@link #index} and {@link #limit} speak of; may change with each load. */
    byte[] bytes() {
        return buffer;
    }

    /** Where the byte at {@code offset} of the file is in {@link #bytes}. */
    int index(long offset) {
        return (int) (offset - start);
    }

    /** End of what is in {@link #bytes}. */
    int limit() {
        return filled;
    }

    /** Makes {@code length} bytes from {@code offset} available, or all up to the file's end. */
    void load(long offset, int length) throws IOException {
        long end = Math.min(offset + length, fileBytes);
        if (offset >= start && end <= start + filled) {
            return;
        }
        if (length > buffer.length) {
            buffer = new byte[Math.max(length, buffer.length)];
        }
        start = offset;
        filled = file.read(offset, ByteBuffer.wrap(buffer));
    }
}

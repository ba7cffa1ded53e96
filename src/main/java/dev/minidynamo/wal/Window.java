package dev.minidynamo.wal;

import dev.minidynamo.env.DiskFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A moving part of a file in memory, so that a segment is read in large steps.
 *
 * <p>Pages that the disk cannot read are zeros there, which pass no checksum (promise P11): one bad
 * sector must not keep a node from starting.
 */
final class Window {

    private static final int STEP = 1 << 20;
    static final int PAGE = 4096;

    private final DiskFile file;
    private final long fileBytes;
    private byte[] buffer;
    private long start;
    private int filled;
    private boolean metUnreadable;

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
        try {
            filled = file.read(offset, ByteBuffer.wrap(buffer));
        } catch (IOException unreadable) {
            metUnreadable = true;
            filled = (int) Math.min(buffer.length, fileBytes - offset);
            loadPages();
        }
    }

    private void loadPages() {
        Arrays.fill(buffer, 0, filled, (byte) 0);
        for (int at = 0; at < filled; at += PAGE) {
            int length = Math.min(PAGE, filled - at);
            try {
                file.read(start + at, ByteBuffer.wrap(buffer, at, length));
            } catch (IOException unreadable) {
                Arrays.fill(buffer, at, at + length, (byte) 0);
            }
        }
    }

    /** Whether some page that was loaded could not be read. */
    boolean metUnreadable() {
        return metUnreadable;
    }
}

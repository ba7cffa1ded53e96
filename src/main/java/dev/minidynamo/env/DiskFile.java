package dev.minidynamo.env;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file; reads may come from any thread, writes from one at a time. */
public interface DiskFile extends AutoCloseable {

    /** Length in bytes. */
    long size() throws IOException;

    /**
     * Reads from {@code position} until {@code into} is full or the file ends.
     *
     * @return the number of bytes read, 0 at or past the end
     */
    int read(long position, ByteBuffer into) throws IOException;

    /** Writes all of {@code from} at {@code position}, lengthening the file where needed. */
    void write(long position, ByteBuffer from) throws IOException;

    /** Forces what has been written to the device. */
    void force() throws IOException;

    /** Cuts or lengthens (with zeros) the file to {@code bytes}. */
    void truncate(long bytes) throws IOException;

    @Override
    void close() throws IOException;
}

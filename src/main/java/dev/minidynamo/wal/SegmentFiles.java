package dev.minidynamo.wal;

import dev.minidynamo.env.Disk;
import dev.minidynamo.env.DiskFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/** Names, headers and creation of segment files; for a worker's jobs. */
final class SegmentFiles {

    private static final String SUFFIX = ".seg";
    private static final int ZEROS = 1 << 20;

    private final Disk disk;
    private final String directory;

    SegmentFiles(Disk disk, String directory) {
        this.disk = disk;
        this.directory = directory;
    }

    String path(long segment) {
        return directory + "/" + String.format(Locale.ROOT, "%010d%s", segment, SUFFIX);
    }

    /** The segment that a file's name speaks of, or -1. */
    static long segmentOf(String name) {
        boolean own = name.endsWith(SUFFIX) && name.length() == 10 + SUFFIX.length();
        if (!own || !name.substring(0, 10).chars().allMatch(Character::isDigit)) {
            return -1;
        }
        return Long.parseLong(name.substring(0, 10));
    }

    DiskFile open(long segment) throws IOException {
        return disk.open(path(segment));
    }

    /** The header of a segment, or null if it cannot be read or does not pass its checksum. */
    @Nullable SegmentHeader header(DiskFile file) {
        ByteBuffer in = ByteBuffer.allocate(SegmentHeader.BYTES);
        try {
            return SegmentHeader.decode(in.array(), file.read(0, in));
        } catch (IOException unreadable) {
            return null;
        }
    }

    /** Makes a segment with its header, durably; on failure nothing is left of it. */
    DiskFile create(SegmentHeader header) throws IOException {
        DiskFile file = disk.open(path(header.segment()));
        try {
            file.truncate(0);
            file.write(0, ByteBuffer.wrap(header.encode()));
            file.force();
            disk.forceDirectory(directory);
            return file;
        } catch (IOException failure) {
            discard(file, header.segment(), failure);
            throw failure;
        }
    }

    /** Closes and deletes a segment that was begun in vain. */
    void discard(DiskFile file, long segment, IOException why) {
        try {
            file.close();
            disk.delete(path(segment));
        } catch (IOException second) {
            why.addSuppressed(second);
        }
    }

    /** Writes zeros from {@code from} to {@code to}. */
    static void fillWithZeros(DiskFile file, long from, long to) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(ZEROS, to - from));
        for (long at = from; at < to; at += zeros.limit()) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), to - at));
            file.write(at, zeros);
        }
    }
}

package dev.minidynamo.wal;

import dev.minidynamo.env.Disk;
import dev.minidynamo.env.DiskFile;
import dev.minidynamo.env.DiskFullException;

import java.io.IOException;

/**
 * A file that holds space for urgent records: deleted when the disk is full, made again when there
 * is room. For a worker's jobs.
 */
final class SpaceReserve {

    private final Disk disk;
    private final LogOptions options;
    private final String path;

    SpaceReserve(Disk disk, LogOptions options) {
        this.disk = disk;
        this.options = options;
        this.path = options.directory() + "/reserve";
    }

    /**
     * Makes the reserve if it is not there.
     *
     * @return false if the disk has no room for it, and for some records besides
     */
    boolean restore() throws IOException {
        long room = options.segmentBytes() / 16;
        if (disk.exists(path) && whole()) {
            return disk.usableBytes() >= room;
        }
        if (disk.usableBytes() < options.reserveBytes() + room) {
            return false;
        }
        if (options.reserveBytes() == 0) {
            return true;
        }
        try (DiskFile file = disk.open(path)) {
            SegmentFiles.fillWithZeros(file, 0, options.reserveBytes());
            file.force();
        } catch (DiskFullException full) {
            release();
            return false;
        }
        disk.forceDirectory(options.directory());
        return true;
    }

    private boolean whole() throws IOException {
        try (DiskFile file = disk.open(path)) {
            return file.size() >= options.reserveBytes();
        }
    }

    /** Gives the space back to the disk. */
    void release() throws IOException {
        disk.delete(path);
        disk.forceDirectory(options.directory());
    }
}

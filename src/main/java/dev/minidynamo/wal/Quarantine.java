package dev.minidynamo.wal;

import dev.minidynamo.env.Disk;
import dev.minidynamo.env.DiskFile;
import dev.minidynamo.env.DiskFullException;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The directory that takes bytes which recovery set aside, so that a person can look at them.
 *
 * <p>A full disk keeps nothing from starting: then the copy is left out.
 */
public final class Quarantine {

    private static final String DIRECTORY = "quarantine";
    private static final int STEP = 1 << 20;

    private final Disk disk;

    public Quarantine(Disk disk) {
        this.disk = disk;
    }

    /**
     * Copies a range of a file.
     *
     * @return the path of the copy, or an empty string if the disk is full
     */
    public String keep(DiskFile file, long from, long to, String name) throws IOException {
        String path = DIRECTORY + "/" + name;
        try {
            Directories.make(disk, DIRECTORY);
            copy(file, from, to, path);
        } catch (DiskFullException full) {
            disk.delete(path);
            return "";
        }
        disk.forceDirectory(DIRECTORY);
        return path;
    }

    private void copy(DiskFile file, long from, long to, String path) throws IOException {
        Window window = new Window(file);
        try (DiskFile copy = disk.open(path)) {
            copy.truncate(0);
            for (long at = from; at < to; at += STEP) {
                int length = (int) Math.min(STEP, to - at);
                window.load(at, length);
                copy.write(at - from, ByteBuffer.wrap(window.bytes(), window.index(at), length));
            }
            copy.force();
        }
    }

    /** Moves a whole file there, if it exists; returns its new path, or an empty string. */
    public String take(String path, String name) throws IOException {
        if (!disk.exists(path)) {
            return "";
        }
        Directories.make(disk, DIRECTORY);
        String target = DIRECTORY + "/" + name;
        disk.rename(path, target);
        disk.forceDirectory(DIRECTORY);
        return target;
    }
}

package dev.minidynamo.wal;

import dev.minidynamo.env.Disk;

import java.io.IOException;

/** Directories that stay after a power loss. */
final class Directories {

    private Directories() {}

    /**
     * Makes a directory and those above it. One that exists is forced all the same: the process
     * that made it may have ended before it did that.
     */
    static void make(Disk disk, String directory) throws IOException {
        disk.createDirectories(directory);
        for (String at = directory; !at.isEmpty(); at = parent(at)) {
            disk.forceDirectory(parent(at));
        }
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}

package dev.minidynamo.env;

import java.io.IOException;
import java.util.List;

/**
 * The files of one node, below its data directory.
 *
 * <p>Paths are relative, with {@code /} between the parts. What has been written is durable only
 * after {@link DiskFile#force}, what has been created, renamed or deleted only after {@link
 * #forceDirectory} of its directory. Every method may throw {@link IOException}; a full disk is
 * {@link DiskFullException}.
 */
public interface Disk {

    /** Opens a file for reading and writing, making it (empty) where it does not exist. */
    DiskFile open(String path) throws IOException;

    /** Whether there is a file or directory of this path. */
    boolean exists(String path) throws IOException;

    /** The names (not paths) in a directory, sorted; empty if there is no such directory. */
    List<String> list(String directory) throws IOException;

    /** Makes a directory and those above it. */
    void createDirectories(String directory) throws IOException;

    /** Renames a file, replacing what has the new name, atomically. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file; nothing happens if there is none. */
    void delete(String path) throws IOException;

    /** Makes creations, renames and deletions in a directory durable. */
    void forceDirectory(String directory) throws IOException;

    /** Bytes that may still be written. */
    long usableBytes() throws IOException;
}

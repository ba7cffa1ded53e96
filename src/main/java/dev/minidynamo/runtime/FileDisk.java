package dev.minidynamo.runtime;

import dev.minidynamo.env.Disk;
import dev.minidynamo.env.DiskFile;
import dev.minidynamo.env.DiskFullException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The data directory of a node on the machine's disk.
 *
 * <p>The directory has mode 0700 where the file system knows modes. Its file {@code lock} is locked
 * as long as the process lives, so that a second process on the same directory is refused before it
 * reads or writes anything.
 */
public final class FileDisk implements Disk, AutoCloseable {

    private static final String FULL_HERE = fullHere();

    private final Path root;
    private final FileChannel lockChannel;

    private FileDisk(Path root, FileChannel lockChannel) {
        this.root = root;
        this.lockChannel = lockChannel;
    }

    /**
     * Makes the directory where it is missing, and locks it.
     *
     * @throws DataDirectoryInUseException with a sentence, if another process has it
     */
    public static FileDisk open(Path directory) throws IOException {
        Path root = directory.toAbsolutePath().normalize();
        makeDurably(root);
        if (Files.getFileStore(root).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        }
        FileChannel channel =
                FileChannel.open(
                        root.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            String holder = holder(channel);
            channel.close();
            throw new DataDirectoryInUseException(
                    "the data directory "
                            + directory
                            + " is in use by another process"
                            + holder
                            + "; stop that process, or give this node its own --data-dir.");
        }
        // Always as long, so that a full disk is asked for no new block.
        String pid = String.format(Locale.ROOT, "%-20d", ProcessHandle.current().pid());
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
        return new FileDisk(root, channel);
    }

    /** Makes a directory and those above it where they are missing. */
    private static void makeDurably(Path directory) throws IOException {
        Path above = directory.getParent();
        if (above != null && !Files.isDirectory(directory)) {
            makeDurably(above);
            Files.createDirectories(directory);
            force(above);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        channel.read(text, 0);
        String pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
        return pid.isBlank() ? "" : " (process " + pid.strip() + ")";
    }

    /** Gives the lock back. */
    @Override
    public void close() throws IOException {
        lockChannel.close();
    }

    @Override
    public DiskFile open(String path) throws IOException {
        try {
            return new OpenFile(
                    FileChannel.open(
                            resolve(path),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw translated(e);
        }
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(resolve(path));
    }

    @Override
    public List<String> list(String directory) throws IOException {
        Path path = resolve(directory);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
        }
    }

    @Override
    public void createDirectories(String directory) throws IOException {
        translating(() -> Files.createDirectories(resolve(directory)));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        translating(() ->
                Files.move(
                        resolve(from),
                        resolve(to),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING));
    }

    @Override
    public void delete(String path) throws IOException {
        Files.deleteIfExists(resolve(path));
    }

    @Override
    public void forceDirectory(String directory) throws IOException {
        force(resolve(directory));
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableBytes() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
    }

    private Path resolve(String path) {
        Path resolved = root.resolve(path).normalize();
        if (!resolved.startsWith(root)) {
            throw new IllegalArgumentException("the path " + path + " leaves the data directory");
        }
        return resolved;
    }

    private interface Action {
        void run() throws IOException;
    }

    private static void translating(Action action) throws IOException {
        try {
            action.run();
        } catch (IOException e) {
            throw translated(e);
        }
    }

    /** The exception of the JDK has but the system's text, in the language of the locale. */
    private static String fullHere() {
        String english = "No space left on device";
        Path device = Path.of("/dev/full");
        if (!Files.exists(device)) {
            return english;
        }
        try (FileChannel channel = FileChannel.open(device, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1));
            return english;
        } catch (IOException full) {
            return Objects.requireNonNullElse(full.getMessage(), english);
        }
    }

    /** A full disk, or a full quota, as {@link DiskFullException}; anything else as it is. */
    static IOException translated(IOException e) {
        return translated(e, FULL_HERE);
    }

    /**
     * @param fullHere how this machine's language says that a device is full
     */
    static IOException translated(IOException e, String fullHere) {
        String message = String.valueOf(e.getMessage());
        String text = message.toLowerCase(Locale.ROOT);
        if (text.contains("no space left")
                || text.contains("quota exceeded")
                || message.contains(fullHere)) {
            DiskFullException full = new DiskFullException(message);
            full.initCause(e);
            return full;
        }
        return e;
    }

    /** A file of the directory. */
    private record OpenFile(FileChannel channel) implements DiskFile {

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            int total = 0;
            while (into.hasRemaining()) {
                int read = channel.read(into, position + total);
                if (read < 0) {
                    break;
                }
                total += read;
            }
            return total;
        }

        @Override
        public void write(long position, ByteBuffer from) throws IOException {
            long next = position;
            try {
                while (from.hasRemaining()) {
                    next += channel.write(from, next);
                }
            } catch (IOException e) {
                throw translated(e);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void truncate(long bytes) throws IOException {
            long size = channel.size();
            if (bytes < size) {
                channel.truncate(bytes);
                return;
            }
            ByteBuffer zeros = ByteBuffer.allocate(64 * 1024);
            while (size < bytes) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - size));
                write(size, zeros);
                size += zeros.limit();
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}

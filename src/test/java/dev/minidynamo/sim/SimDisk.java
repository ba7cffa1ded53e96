package dev.minidynamo.sim;

import dev.minidynamo.env.Disk;
import dev.minidynamo.env.DiskFile;
import dev.minidynamo.env.DiskFullException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A disk with a live and a durable image, and faults to order.
 *
 * <p>What a process writes is live at once and durable after a force. {@link #losePower} keeps of
 * the rest what its seed says: nothing, all, some writes without those before them, torn ones.
 * {@link #killProcess} loses nothing that was written. Open files of a dead process answer with an
 * exception. The idea is redb's crash tests' and TigerBeetle's.
 */
public final class SimDisk implements Disk {

    /** What a process does to its disk. */
    public enum Operation {
        OPEN,
        CREATE,
        MAKE_DIRECTORY,
        READ,
        WRITE,
        FORCE,
        RESIZE,
        RENAME,
        DELETE,
        LIST,
        FORCE_DIRECTORY
    }

    /** Decides about each operation before it happens. */
    public interface Faults {

        /** The exception that the operation ends with, or null to let it be. */
        @Nullable IOException before(Operation operation, String path, long ordinal);
    }

    /** No fault at all. */
    public static final Faults NONE = (operation, path, ordinal) -> null;

    private static final int BLOCK = 512;
    private static final int NEARLY_FULL = 4 * BLOCK;

    private final SimRandom random;
    private final SimDirectory directory = new SimDirectory();
    private Faults faults = NONE;
    private long capacityBytes = Long.MAX_VALUE;
    private long operations;
    private long writesToMisdirection = -1;
    private Runnable misdirected = () -> {};
    private long crashAt = Long.MAX_VALUE;
    private int process;
    private long costNanos;
    private long forceNanos = 140_000;
    private long otherNanos = 2_000;

    public SimDisk(SimRandom random) {
        this.random = random;
    }

    /** A disk that holds what {@code other} holds now, all of it durable. */
    public static SimDisk copyOf(SimDisk other, SimRandom random) {
        SimDisk copy = new SimDisk(random);
        copy.directory.makeDirectoriesOf(other.directory);
        other.directory
                .files()
                .forEach((path, file) -> copy.directory.put(path, SimFile.of(file.bytes())));
        return copy;
    }

    // ---- what a test does to the disk

    /** Ends the process (SIGKILL): open files die, what was written stays. */
    public void killProcess() {
        process++;
        crashAt = Long.MAX_VALUE;
    }

    /** Ends the process and the machine: what was not forced is lost, torn or reordered. */
    public void losePower() {
        killProcess();
        directory.losePower(random);
    }

    /** Takes all data away, as a new disk does. */
    public void lose() {
        killProcess();
        directory.clear();
    }

    /** Lets the process die with a {@link SimCrash} at the operation of this ordinal. */
    public void crashAtOperation(long ordinal) {
        crashAt = ordinal;
    }

    /**
     * Lets a write land elsewhere in its file, and report success.
     *
     * @param away how many writes before it go right
     * @param misdirected runs when it happens
     */
    public void misdirectWrite(long away, Runnable misdirected) {
        writesToMisdirection = away;
        this.misdirected = misdirected;
    }

    /** The number of operations so far, which is the ordinal of the next one. */
    public long operations() {
        return operations;
    }

    public void setFaults(Faults faults) {
        this.faults = faults;
    }

    /** Bytes that all files together may have from now on. */
    public void setCapacityBytes(long bytes) {
        capacityBytes = bytes;
    }

    /** How long a force and any other operation take, in nanoseconds. */
    public void setLatency(long forceNanos, long otherNanos) {
        this.forceNanos = forceNanos;
        this.otherNanos = otherNanos;
    }

    /** What the operations since the last call took, in nanoseconds. */
    public long takeCostNanos() {
        long cost = costNanos;
        costNanos = 0;
        return cost;
    }

    /** The paths of all files. */
    public List<String> paths() {
        return List.copyOf(directory.files().keySet());
    }

    public long usedBytes() {
        return directory.files().values().stream().mapToLong(SimFile::size).sum();
    }

    /** A copy of a file's live contents. */
    public byte[] bytes(String path) {
        return find(path).bytes();
    }

    /** Makes or replaces a file, durably. */
    public void put(String path, byte[] bytes) {
        directory.put(path, SimFile.of(bytes));
    }

    /** Takes a file away, durably. */
    public void remove(String path) {
        directory.remove(path);
    }

    /** Flips one bit of a file, in what is live and in what is durable. */
    public void flipBit(String path, long bit) {
        find(path).flipBit(bit);
    }

    /** Overwrites part of a file, in what is live and in what is durable. */
    public void scribble(String path, int position, byte[] bytes) {
        find(path).scribble(position, bytes);
    }

    /** Lets no byte of a sector be read any more until it is written again. */
    public void spoilSector(String path, int position) {
        find(path).spoil(position / BLOCK * BLOCK, BLOCK);
    }

    /**
     * Whether a power loss that keeps only what was forced would leave these bytes in a file whose
     * path begins with {@code prefix}.
     */
    boolean durablyHolds(String prefix, byte[] bytes) {
        return directory.durableFiles(prefix).anyMatch(file -> file.durablyHolds(bytes));
    }

    private SimFile find(String path) {
        SimFile file = directory.get(path);
        if (file == null) {
            throw new IllegalArgumentException("no file " + path);
        }
        return file;
    }

    // ---- what the process does

    private void enter(Operation operation, String path) throws IOException {
        costNanos += isForce(operation) ? forceNanos : otherNanos;
        long ordinal = operations++;
        if (ordinal >= crashAt) {
            throw new SimCrash(operation + " of " + path + " was operation " + ordinal);
        }
        IOException fault = faults.before(operation, path, ordinal);
        if (fault != null) {
            throw fault;
        }
    }

    private static boolean isForce(Operation operation) {
        return operation == Operation.FORCE || operation == Operation.FORCE_DIRECTORY;
    }

    @Override
    public DiskFile open(String path) throws IOException {
        SimFile file = directory.get(path);
        enter(file == null ? Operation.CREATE : Operation.OPEN, path);
        String parent = SimDirectory.parent(path);
        if (!parent.isEmpty() && !directory.isDirectory(parent)) {
            throw new IOException("no directory " + parent);
        }
        if (file == null) {
            needsName(path);
            file = directory.create(path);
        }
        return new Handle(path, file);
    }

    @Override
    public boolean exists(String path) throws IOException {
        enter(Operation.LIST, path);
        return directory.get(path) != null || directory.isDirectory(path);
    }

    @Override
    public List<String> list(String path) throws IOException {
        enter(Operation.LIST, path);
        return directory.list(path);
    }

    @Override
    public void createDirectories(String path) throws IOException {
        if (directory.isDirectory(path)) {
            enter(Operation.LIST, path);
            return;
        }
        enter(Operation.MAKE_DIRECTORY, path);
        needsName(path);
        directory.makeDirectories(path);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        enter(Operation.RENAME, from);
        SimFile file = directory.get(from);
        if (file == null) {
            throw new IOException("no file " + from);
        }
        needsName(to);
        directory.rename(from, to, file);
    }

    @Override
    public void delete(String path) throws IOException {
        enter(Operation.DELETE, path);
        if (directory.get(path) != null) {
            directory.delete(path);
        }
    }

    @Override
    public void forceDirectory(String path) throws IOException {
        enter(Operation.FORCE_DIRECTORY, path);
        directory.force(path);
    }

    @Override
    public long usableBytes() throws IOException {
        enter(Operation.LIST, "");
        return Math.max(0, freeBytes());
    }

    /** Negative if more was kept at a power loss than fits. */
    private long freeBytes() {
        return capacityBytes == Long.MAX_VALUE ? Long.MAX_VALUE : capacityBytes - usedBytes();
    }

    /** On a disk that is nearly full, a directory may have no room for one more name. */
    private void needsName(String path) throws IOException {
        if (freeBytes() < NEARLY_FULL && random.nextInt(2) == 0) {
            throw new DiskFullException("no space left for the name " + path);
        }
    }

    /** Another place for a write: up to four blocks before its own, where there is one. */
    private long elsewhere(long position, int length) {
        if (position < BLOCK || length == 0) {
            return position;
        }
        misdirected.run();
        long back = (1 + random.nextInt(4)) * (long) BLOCK;
        return Math.max(0, position - back);
    }

    private final class Handle implements DiskFile {

        private final String path;
        private final SimFile file;
        private final int owner = process;
        private boolean closed;

        Handle(String path, SimFile file) {
            this.path = path;
            this.file = file;
        }

        private void enterOpen(Operation operation) throws IOException {
            if (closed || owner != process) {
                throw new IOException(path + " is not open");
            }
            enter(operation, path);
        }

        @Override
        public long size() throws IOException {
            enterOpen(Operation.READ);
            return file.size();
        }

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            enterOpen(Operation.READ);
            int length = Math.clamp(file.size() - position, 0, into.remaining());
            byte[] bytes = new byte[length];
            if (!file.isReadable(position, length)) {
                throw new IOException("input/output error on read of " + path);
            }
            if (length > 0) {
                file.copyTo((int) position, bytes, length);
            }
            into.put(bytes);
            return length;
        }

        @Override
        public void write(long position, ByteBuffer from) throws IOException {
            byte[] bytes = new byte[from.remaining()];
            from.get(bytes);
            try {
                enterOpen(Operation.WRITE);
            } catch (SimCrash crash) {
                file.write((int) position, bytes);
                throw crash;
            }
            if (writesToMisdirection >= 0 && writesToMisdirection-- == 0) {
                position = elsewhere(position, bytes.length);
            }
            long growth = Math.max(0, position + bytes.length - file.size());
            long space = growth == 0 ? 0 : freeBytes();
            if (growth > space) {
                int kept = (int) Math.max(0, bytes.length - (growth - Math.max(0, space)));
                if (kept > 0) {
                    file.write((int) position, Arrays.copyOf(bytes, kept));
                }
                throw new DiskFullException("no space left for " + path);
            }
            file.write((int) position, bytes);
        }

        @Override
        public void force() throws IOException {
            try {
                enterOpen(Operation.FORCE);
            } catch (IOException failed) {
                file.forgetUnforced();
                throw failed;
            }
            file.force();
        }

        @Override
        public void truncate(long bytes) throws IOException {
            enterOpen(Operation.RESIZE);
            if (bytes > file.size() && bytes - file.size() > freeBytes()) {
                throw new DiskFullException("no space left for " + path);
            }
            file.resize((int) bytes);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}

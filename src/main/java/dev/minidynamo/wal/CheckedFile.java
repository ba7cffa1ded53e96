package dev.minidynamo.wal;

import dev.minidynamo.env.Disk;
import dev.minidynamo.env.DiskFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A small file that is replaced as a whole and checked as a whole.
 *
 * <p>{@code magic u32 | version u16 | length u32 | body | crc32c u32}. Replacing writes a temporary
 * file, forces it, renames it over the old one and forces the directory, so that a crash leaves the
 * old or the new one. All methods block: they are for a worker's jobs.
 */
public final class CheckedFile {

    private static final int HEAD_BYTES = 10;
    private static final int TAIL_BYTES = 4;
    private static final int MAX_BYTES = 256 << 20;

    private final Disk disk;
    private final String directory;
    private final String name;
    private final int magic;

    /**
     * @param magic number that tells this kind of file from others
     */
    public CheckedFile(Disk disk, String directory, String name, int magic) {
        this.disk = disk;
        this.directory = directory;
        this.name = name;
        this.magic = magic;
    }

    public String path() {
        return directory + "/" + name;
    }

    /** The contents of a checked file. */
    public record Contents(int version, byte[] body) {}

    /** Says that a file is there but is not what was written. */
    public static final class DamagedException extends IOException {

        private static final long serialVersionUID = 1L;

        public DamagedException(String message) {
            super(message);
        }
    }

    /** Replaces the file durably. */
    public void write(int version, byte[] body) throws IOException {
        String temporary = path() + ".tmp";
        try (DiskFile file = disk.open(temporary)) {
            byte[] bytes = encode(version, body);
            file.truncate(0);
            file.write(0, ByteBuffer.wrap(bytes));
            file.force();
            disk.rename(temporary, path());
        } catch (IOException failure) {
            deleteQuietly(temporary, failure);
            throw failure;
        }
        disk.forceDirectory(directory);
    }

    private void deleteQuietly(String temporary, IOException failure) {
        try {
            disk.delete(temporary);
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }

    /**
     * Reads the file, null if there is none.
     *
     * @throws DamagedException if the disk cannot read it, its checksum fails or its form is
     *     unknown
     */
    public @Nullable Contents read() throws IOException {
        if (!disk.exists(path())) {
            return null;
        }
        try (DiskFile file = disk.open(path())) {
            if (file.size() > MAX_BYTES) {
                throw new DamagedException(path() + " is too long to be what was written");
            }
            ByteBuffer in = ByteBuffer.allocate((int) file.size());
            Contents contents = decode(Arrays.copyOf(in.array(), read(file, in)));
            if (contents == null) {
                throw new DamagedException(path() + " does not pass its checksum");
            }
            return contents;
        }
    }

    private int read(DiskFile file, ByteBuffer into) throws DamagedException {
        try {
            return file.read(0, into);
        } catch (IOException unreadable) {
            throw new DamagedException(
                    path() + " cannot be read (" + unreadable.getMessage() + ")");
        }
    }

    /** The bytes of a whole file. */
    public byte[] encode(int version, byte[] body) {
        ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + body.length + TAIL_BYTES);
        out.putInt(magic).putShort((short) version).putInt(body.length).put(body);
        out.putInt(checksum(out.array(), out.position()));
        return out.array();
    }

    /** The contents of {@code bytes}, or null if they are not a whole, unharmed file. */
    public @Nullable Contents decode(byte[] bytes) {
        if (bytes.length < HEAD_BYTES + TAIL_BYTES) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int bodyEnd = bytes.length - TAIL_BYTES;
        boolean whole = in.getInt() == magic && in.getInt(6) == bodyEnd - HEAD_BYTES;
        if (!whole || in.getInt(bodyEnd) != checksum(bytes, bodyEnd)) {
            return null;
        }
        return new Contents(in.getShort(4), Arrays.copyOfRange(bytes, HEAD_BYTES, bodyEnd));
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}

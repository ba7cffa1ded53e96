package dev.minidynamo.store;

import dev.minidynamo.env.Disk;
import dev.minidynamo.env.DiskFile;
import dev.minidynamo.wal.CheckedFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The file of the {@link ClockRecord}: two sectors of the same content, written one after the other
 * in place, so that it needs no space on a full disk and one of them is always whole. For a
 * worker's jobs.
 */
final class ClockFile {

    static final String PATH = "clock";

    private static final int SECTOR = 512;

    private final Disk disk;
    private final CheckedFile form;

    /** Whether this process has forced the file's entry; one before it may have died too soon. */
    private boolean entryForced;

    ClockFile(Disk disk) {
        this.disk = disk;
        this.form = new CheckedFile(disk, "", PATH, ClockRecord.MAGIC);
    }

    void write(ClockRecord record) throws IOException {
        byte[] bytes = form.encode(ClockRecord.VERSION, record.encode());
        try (DiskFile file = disk.open(PATH)) {
            if (file.size() < 2 * SECTOR) {
                file.write(0, ByteBuffer.allocate(2 * SECTOR));
            }
            for (int sector = 0; sector < 2; sector++) {
                file.write((long) sector * SECTOR, ByteBuffer.wrap(bytes));
                file.force();
            }
        }
        if (!entryForced) {
            disk.forceDirectory("");
            entryForced = true;
        }
    }

    boolean exists() throws IOException {
        return disk.exists(PATH);
    }

    /** The record, or null if there is none or both copies are damaged or unreadable. */
    @Nullable ClockRecord read() throws IOException {
        if (!exists()) {
            return null;
        }
        ClockRecord first;
        ClockRecord second;
        try (DiskFile file = disk.open(PATH)) {
            first = read(file, 0);
            second = read(file, SECTOR);
        }
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        return first.aliveMillis() >= second.aliveMillis() ? first : second;
    }

    private @Nullable ClockRecord read(DiskFile file, long from) {
        ByteBuffer in =
                ByteBuffer.allocate(
                        form.encode(ClockRecord.VERSION, ClockRecord.NONE.encode()).length);
        try {
            file.read(from, in);
        } catch (IOException unreadable) {
            return null;
        }
        CheckedFile.Contents contents = form.decode(in.array());
        return contents == null || contents.version() != ClockRecord.VERSION
                ? null
                : ClockRecord.decode(contents.body());
    }
}

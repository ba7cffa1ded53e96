package dev.minidynamo.store;

import dev.minidynamo.env.Disk;
import dev.minidynamo.env.DiskFile;
import dev.minidynamo.wal.LogMark;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads an index snapshot; for a worker's jobs. */
final class SnapshotLoader {

    private final Disk disk;

    SnapshotLoader(Disk disk) {
        this.disk = disk;
    }

    /**
     * Fills {@code index} from the snapshot at {@code path}.
     *
     * @return the point of the log from which to replay
     * @throws SnapshotDamagedException if it does not pass; {@code index} is of no use then
     */
    LogMark load(String path, KeyIndex index) throws IOException, SnapshotDamagedException {
        try (DiskFile file = disk.open(path)) {
            long size = file.size();
            long at = 0;
            int number = 0;
            LogMark mark = LogMark.START;
            while (true) {
                byte[] body = block(file, at, size, number);
                at += SnapshotFormat.FRAME + body.length;
                if (number == 0) {
                    mark = SnapshotFormat.readHead(body);
                } else if (SnapshotFormat.isTail(body) && at == size) {
                    SnapshotFormat.readTail(body, index);
                    return mark;
                } else {
                    SnapshotFormat.readBuckets(body, index);
                }
                number++;
            }
        }
    }

    private static byte[] block(DiskFile file, long at, long size, int number)
            throws IOException, SnapshotDamagedException {
        ByteBuffer head = ByteBuffer.allocate(SnapshotFormat.FRAME);
        if (read(file, at, head) < SnapshotFormat.FRAME) {
            throw new SnapshotDamagedException("it is cut off");
        }
        int length = head.getInt(0);
        boolean fits =
                length > 0
                        && length <= SnapshotFormat.MAX_BLOCK
                        && at + SnapshotFormat.FRAME + length <= size;
        if (!fits) {
            throw new SnapshotDamagedException("a block does not fit the file");
        }
        byte[] body = new byte[length];
        read(file, at + SnapshotFormat.FRAME, ByteBuffer.wrap(body));
        if (head.getInt(4) != SnapshotFormat.checksum(number, body, 0, length)) {
            throw new SnapshotDamagedException("a block does not pass its checksum");
        }
        return body;
    }

    private static int read(DiskFile file, long at, ByteBuffer into)
            throws SnapshotDamagedException {
        try {
            return file.read(at, into);
        } catch (IOException unreadable) {
            throw new SnapshotDamagedException("it cannot be read: " + unreadable.getMessage());
        }
    }
}

package dev.minidynamo.store;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.wal.LogMark;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The blocks of an index snapshot: a head with the point of the log from which to replay, buckets,
 * and a tail with the writers.
 *
 * <p>Each block is {@code length u32 | crc32c u32 | bytes}; the checksum covers the block's number
 * too, so that blocks cannot change places.
 */
final class SnapshotFormat {

    static final int VERSION = 1;
    static final int FRAME = 8;
    static final int MAX_BLOCK = 64 << 20;

    private static final int MAGIC = 0x4d445350; // MDSP
    private static final int END = 0x4d44454e; // MDEN

    private SnapshotFormat() {}

    /** {@code body} as the block of this number. */
    static ByteBuffer block(int number, byte[] body, int length) {
        ByteBuffer out = ByteBuffer.allocate(FRAME + length);
        out.putInt(length).putInt(checksum(number, body, 0, length)).put(body, 0, length);
        return out.flip();
    }

    static int checksum(int number, byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(4).putInt(number).flip());
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    static byte[] head(LogMark mark) {
        return ByteBuffer.allocate(30)
                .putInt(MAGIC)
                .putShort((short) VERSION)
                .putLong(mark.segment())
                .putLong(mark.offset())
                .putLong(mark.sequence())
                .array();
    }

    static LogMark readHead(byte[] body) throws SnapshotDamagedException {
        ByteBuffer in = ByteBuffer.wrap(body);
        boolean known = body.length == 30 && in.getInt() == MAGIC && in.getShort() == VERSION;
        if (!known) {
            throw new SnapshotDamagedException("its head is not of this version");
        }
        return new LogMark(in.getLong(), in.getLong(), in.getLong());
    }

    static int bytesOf(Bucket bucket) {
        return 2 + 4 + 4 + bucket.count() * (Long.BYTES + Bucket.ROW) + bucket.keysUsed();
    }

    static void putBucket(ByteBuffer out, int leaf, Bucket bucket) {
        out.putShort((short) leaf).putInt(bucket.count()).putInt(bucket.keysUsed());
        for (int i = 0; i < bucket.count(); i++) {
            out.putLong(bucket.token(i));
        }
        out.put(bucket.rows(), 0, bucket.count() * Bucket.ROW);
        out.put(bucket.keys(), 0, bucket.keysUsed());
    }

    /** Loads the buckets of a block into {@code index}. */
    static void readBuckets(byte[] body, KeyIndex index) throws SnapshotDamagedException {
        ByteBuffer in = ByteBuffer.wrap(body);
        while (in.hasRemaining()) {
            if (in.remaining() < 10) {
                throw new SnapshotDamagedException("a bucket is cut off");
            }
            int leaf = in.getShort() & 0xffff;
            int count = in.getInt();
            int keyBytes = in.getInt();
            long needed = (long) count * (Long.BYTES + Bucket.ROW) + keyBytes;
            if (count < 0 || keyBytes < 0 || needed > in.remaining()) {
                throw new SnapshotDamagedException("a bucket does not fit its block");
            }
            long[] tokens = new long[count];
            in.asLongBuffer().get(tokens);
            in.position(in.position() + count * Long.BYTES);
            byte[] rows = new byte[count * Bucket.ROW];
            in.get(rows);
            byte[] keys = new byte[keyBytes];
            in.get(keys);
            Bucket bucket = new Bucket(count, tokens, rows, keys);
            if (count == 0 || !bucket.consistent() || index.bucket(leaf) != null) {
                throw new SnapshotDamagedException("a bucket contradicts itself");
            }
            index.load(leaf, bucket);
        }
    }

    static boolean isTail(byte[] body) {
        return body.length >= 16 && ByteBuffer.wrap(body).getInt() == END;
    }

    static byte[] tail(WriterTable writers, long entries) {
        int size = 16;
        for (int i = 0; i < writers.size(); i++) {
            size += 5 + writers.get(i).node().value().length();
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.putInt(END).putLong(entries).putInt(writers.size());
        for (int i = 0; i < writers.size(); i++) {
            WriterTable.Writer writer = writers.get(i);
            byte[] name = writer.node().value().getBytes(StandardCharsets.UTF_8);
            out.put((byte) name.length).put(name).putInt(writer.incarnation());
        }
        return out.array();
    }

    static void readTail(byte[] body, KeyIndex index) throws SnapshotDamagedException {
        try {
            ByteBuffer in = ByteBuffer.wrap(body);
            in.getInt();
            long entries = in.getLong();
            int count = in.getInt();
            for (int i = 0; i < count; i++) {
                byte[] name = new byte[in.get() & 0xff];
                in.get(name);
                NodeId node = new NodeId(new String(name, StandardCharsets.UTF_8));
                index.writers().numberOf(node, in.getInt());
            }
            if (entries != index.entries() || in.hasRemaining()) {
                throw new SnapshotDamagedException("its tail does not fit its buckets");
            }
        } catch (BufferUnderflowException | IllegalArgumentException broken) {
            throw new SnapshotDamagedException("its tail is broken");
        }
    }
}

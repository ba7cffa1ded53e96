package dev.minidynamo.hints;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Request.KeyVersion;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The binary form of the records of a hint log; the log around it adds length and checksum. All
 * numbers are big-endian.
 *
 * <pre>
 * stored    1 | stored millis 8 | key | live 1 or tombstone 2 | version
 *             | live only: expiry millis 8, type length 2, type, value length 4, value
 * delivered 2 | count 4 | count times: key, version
 * key         length 2, bytes
 * version     timestamp 8, incarnation 4, writer length 1, writer
 * </pre>
 */
final class HintCodec {

    private static final byte STORED = 1;
    private static final byte DELIVERED = 2;
    private static final byte LIVE = 1;
    private static final byte TOMBSTONE = 2;

    /** Writers seen, so that many hints share one id. */
    private final Map<String, NodeId> writers = new TreeMap<>();

    byte[] encode(HintRecord hintRecord) {
        return switch (hintRecord) {
            case HintRecord.Stored stored -> encode(stored);
            case HintRecord.Delivered delivered -> encode(delivered);
        };
    }

    /**
     * Reads a record back.
     *
     * @throws IOException if the bytes are none
     */
    HintRecord decode(byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            HintRecord hintRecord =
                    switch (in.get()) {
                        case STORED ->
                                new HintRecord.Stored(in.getLong(), readKey(in), readCell(in));
                        case DELIVERED -> new HintRecord.Delivered(readHints(in));
                        default -> throw new IOException("a hint record is of an unknown kind");
                    };
            if (in.hasRemaining()) {
                throw new IOException("a hint record is followed by " + in.remaining() + " bytes");
            }
            return hintRecord;
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            throw new IOException("a hint record is malformed: " + malformed, malformed);
        }
    }

    private static byte[] encode(HintRecord.Stored stored) {
        Cell cell = stored.cell();
        byte[] type = {};
        int size = 1 + 8 + keyBytes(stored.key()) + 1 + versionBytes(cell.version());
        if (cell instanceof Cell.Live live) {
            type = live.contentType().getBytes(StandardCharsets.UTF_8);
            size += 8 + 2 + type.length + 4 + live.value().length;
        }
        ByteBuffer out = ByteBuffer.allocate(size).put(STORED).putLong(stored.storedMillis());
        writeKey(out, stored.key());
        out.put(cell instanceof Cell.Live ? LIVE : TOMBSTONE);
        writeVersion(out, cell.version());
        if (cell instanceof Cell.Live live) {
            out.putLong(live.expiresAtMillis()).putShort((short) type.length).put(type);
            out.putInt(live.value().length).put(live.value());
        }
        return out.array();
    }

    private static byte[] encode(HintRecord.Delivered delivered) {
        int size = 1 + 4;
        for (KeyVersion hint : delivered.hints()) {
            size += keyBytes(hint.key()) + versionBytes(hint.version());
        }
        ByteBuffer out = ByteBuffer.allocate(size).put(DELIVERED).putInt(delivered.hints().size());
        for (KeyVersion hint : delivered.hints()) {
            writeKey(out, hint.key());
            writeVersion(out, hint.version());
        }
        return out.array();
    }

    private List<KeyVersion> readHints(ByteBuffer in) throws IOException {
        int count = in.getInt();
        if (count < 0 || count > in.remaining()) {
            throw new IOException("a hint record cannot hold " + count + " entries");
        }
        List<KeyVersion> hints = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            hints.add(new KeyVersion(readKey(in), readVersion(in)));
        }
        return hints;
    }

    private Cell readCell(ByteBuffer in) throws IOException {
        byte kind = in.get();
        Version version = readVersion(in);
        if (kind == TOMBSTONE) {
            return new Cell.Tombstone(version);
        }
        if (kind != LIVE) {
            throw new IOException("a hint is of the unknown kind " + kind);
        }
        long expiresAtMillis = in.getLong();
        String type = new String(readBytes(in, in.getShort() & 0xffff), StandardCharsets.UTF_8);
        byte[] value = readBytes(in, in.getInt());
        return new Cell.Live(version, value, type, expiresAtMillis);
    }

    private static int keyBytes(Key key) {
        return 2 + key.bytes().length;
    }

    private static void writeKey(ByteBuffer out, Key key) {
        out.putShort((short) key.bytes().length).put(key.bytes());
    }

    private static Key readKey(ByteBuffer in) {
        return Key.of(readBytes(in, in.getShort() & 0xffff));
    }

    private static int versionBytes(Version version) {
        return 8 + 4 + 1 + version.writer().value().length();
    }

    private static void writeVersion(ByteBuffer out, Version version) {
        byte[] writer = version.writer().value().getBytes(StandardCharsets.US_ASCII);
        out.putLong(version.timestamp()).putInt(version.incarnation());
        out.put((byte) writer.length).put(writer);
    }

    private Version readVersion(ByteBuffer in) {
        long timestamp = in.getLong();
        int incarnation = in.getInt();
        String writer = new String(readBytes(in, in.get() & 0xff), StandardCharsets.US_ASCII);
        return new Version(timestamp, writers.computeIfAbsent(writer, NodeId::new), incarnation);
    }

    private static byte[] readBytes(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}

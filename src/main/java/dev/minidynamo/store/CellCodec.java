package dev.minidynamo.store;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The form of a key and its cell in a record, and the hash of it.
 *
 * <p>One cell has exactly one form, so the hash of the form is the same on every node; expiry is
 * part of it as an absolute time, so nothing changes when the time has come.
 */
public final class CellCodec {

    private static final Hasher64 HASHER = Hashing.xxh3_64();
    private static final int MAX_CONTENT_TYPE = 0xffff;
    private static final long COUNTER_MASK = (1L << Version.COUNTER_BITS) - 1;

    private CellCodec() {}

    /**
     * The record of a key and its cell.
     *
     * @throws IllegalArgumentException if the content type is longer than 65,535 bytes
     */
    public static byte[] encode(Key key, Cell cell) {
        byte[] writer = cell.version().writer().value().getBytes(StandardCharsets.UTF_8);
        byte[] value = cell instanceof Cell.Live live ? live.value() : new byte[0];
        byte @Nullable [] contentType = contentType(cell);
        long expiry = cell instanceof Cell.Live live ? live.expiresAtMillis() : Cell.NEVER;
        int upperBytes =
                32
                        + writer.length
                        + key.bytes().length
                        + (contentType == null ? 0 : contentType.length)
                        + value.length;
        ByteBuffer out = ByteBuffer.allocate(upperBytes);
        int flags = cell instanceof Cell.Tombstone ? CellView.TOMBSTONE : 0;
        flags |= contentType != null ? CellView.CONTENT_TYPE : 0;
        flags |= expiry != Cell.NEVER ? CellView.EXPIRES : 0;
        putHead(out, flags, key, cell.version(), writer);
        if (contentType != null) {
            out.putShort((short) contentType.length).put(contentType);
        }
        if (expiry != Cell.NEVER) {
            out.putLong(expiry);
        }
        out.put(value);
        return Arrays.copyOf(out.array(), out.position());
    }

    /** The record that says that this version of the key is held no longer. */
    static byte[] encodeGivenUp(Key key, Version version) {
        byte[] writer = version.writer().value().getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(32 + writer.length + key.bytes().length);
        putHead(out, CellView.GIVEN_UP, key, version, writer);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static void putHead(
            ByteBuffer out, int flags, Key key, Version version, byte[] writer) {
        out.put((byte) (flags | (writer.length - 1) << CellView.WRITER_SHIFT));
        putVersion(out, version, writer);
        putVarint(out, key.bytes().length);
        out.put(key.bytes());
    }

    /** The bytes of the content type, null for the default. */
    private static byte @Nullable [] contentType(Cell cell) {
        if (!(cell instanceof Cell.Live live)
                || live.contentType().equals(Cell.DEFAULT_CONTENT_TYPE)) {
            return null;
        }
        byte[] bytes = live.contentType().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_CONTENT_TYPE) {
            throw new IllegalArgumentException(
                    "a content type has at most 65,535 bytes, not " + bytes.length);
        }
        return bytes;
    }

    private static void putVersion(ByteBuffer out, Version version, byte[] writer) {
        long millis = version.timestamp() >>> Version.COUNTER_BITS;
        out.putShort((short) (millis >>> 32)).putInt((int) millis);
        putVarint(out, (int) (version.timestamp() & COUNTER_MASK));
        out.put(writer).putInt(version.incarnation());
    }

    private static void putVarint(ByteBuffer out, int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /** The key and cell in a record, or null if that is none. */
    public static @Nullable StoredCell decode(byte[] bytes, int from, int length) {
        CellView view = new CellView();
        return view.parse(bytes, from, length) ? decode(view) : null;
    }

    static @Nullable StoredCell decode(CellView view) {
        if (view.givenUp()) {
            return null;
        }
        try {
            byte[] bytes = view.bytes();
            String writer = text(bytes, view.writerAt(), view.writerBytes());
            Version version = new Version(view.timestamp(), new NodeId(writer), view.incarnation());
            Key key = key(view);
            if (view.tombstone()) {
                return new StoredCell(key, new Cell.Tombstone(version));
            }
            String contentType =
                    view.hasContentType()
                            ? text(bytes, view.contentTypeAt(), view.contentTypeBytes())
                            : Cell.DEFAULT_CONTENT_TYPE;
            byte[] value =
                    Arrays.copyOfRange(bytes, view.valueAt(), view.valueAt() + view.valueBytes());
            return new StoredCell(
                    key, new Cell.Live(version, value, contentType, view.expiresAtMillis()));
        } catch (IllegalArgumentException notAnId) {
            return null;
        }
    }

    static Key key(CellView view) {
        return Key.of(
                Arrays.copyOfRange(view.bytes(), view.keyAt(), view.keyAt() + view.keyBytes()));
    }

    private static String text(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    /** The hash of an encoded cell; never 0. */
    static long hash(byte[] bytes, int from, int length) {
        long hash = HASHER.hashBytesToLong(bytes, from, length);
        return hash == 0 ? 1 : hash;
    }

    /** The hash of a key with its version and contents, the same on every node; never 0. */
    public static long hash(Key key, Cell cell) {
        byte[] bytes = encode(key, cell);
        return hash(bytes, 0, bytes.length);
    }
}

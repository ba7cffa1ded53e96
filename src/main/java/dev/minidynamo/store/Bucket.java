package dev.minidynamo.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The entries of one hash-tree leaf, in three arrays: tokens in order, rows, and key bytes.
 *
 * <p>A row is {@code timestamp u64 | hash u64 | position u64 | key offset u32 | frame bytes u24 |
 * value bytes u24 | writer u16 | flags u8}: 37 bytes, 45 with the token. The key's bytes follow its
 * length (u16); the expiry (u64) follows the key where there is one. Objects per entry would cost
 * twice that ({@code docs/decisions/bucketed-index.md}).
 */
final class Bucket {

    static final int TOMBSTONE = 1;
    static final int EXPIRES = 2;
    static final int DAMAGED = 4;

    static final int ROW = 37;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private static final int HASH = 8;
    private static final int POSITION = 16;
    private static final int KEY_AT = 24;
    private static final int FRAME = 28;
    private static final int VALUE = 31;
    private static final int WRITER = 34;
    private static final int FLAGS = 36;
    private static final int LENGTH_BYTES = 2;
    private static final int EXPIRY_BYTES = 8;

    private int count;
    private int keysUsed;
    private long[] tokens;
    private byte[] rows;
    private byte[] keys;

    /**
     * What a row holds, for {@link #add} and {@link #set}.
     *
     * @param expiresAtMillis 0 for never
     */
    record Row(
            long timestamp,
            long hash,
            long position,
            int frameBytes,
            int valueBytes,
            int writer,
            boolean tombstone,
            long expiresAtMillis) {

        int flags() {
            return (tombstone ? TOMBSTONE : 0) | (expiresAtMillis != 0 ? EXPIRES : 0);
        }
    }

    Bucket() {
        this(0, new long[0], new byte[0], new byte[0]);
    }

    /** A bucket of arrays that are exactly full. */
    Bucket(int count, long[] tokens, byte[] rows, byte[] keys) {
        this.count = count;
        this.tokens = tokens;
        this.rows = rows;
        this.keys = keys;
        this.keysUsed = keys.length;
    }

    int count() {
        return count;
    }

    int keysUsed() {
        return keysUsed;
    }

    byte[] rows() {
        return rows;
    }

    byte[] keys() {
        return keys;
    }

    /** Index of the first entry whose token is not below {@code token}. */
    int lowerBound(long token) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(tokens[middle], token) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Index of the entry of a key, or -1. */
    int find(long token, byte[] key, int from, int length) {
        for (int i = lowerBound(token); i < count && tokens[i] == token; i++) {
            int at = keyAt(i);
            if (keyLength(at) == length
                    && Arrays.equals(
                            keys,
                            at + LENGTH_BYTES,
                            at + LENGTH_BYTES + length,
                            key,
                            from,
                            from + length)) {
                return i;
            }
        }
        return -1;
    }

    /** Adds the entry of a key that is not there. */
    void add(long token, byte[] key, int from, int length, Row row) {
        int index = lowerBound(token);
        makeRoom(index);
        tokens[index] = token;
        int at = keysUsed;
        reserveKeys(LENGTH_BYTES + length + (row.expiresAtMillis != 0 ? EXPIRY_BYTES : 0));
        keys[at] = (byte) (length >>> 8);
        keys[at + 1] = (byte) length;
        System.arraycopy(key, from, keys, at + LENGTH_BYTES, length);
        INT.set(rows, index * ROW + KEY_AT, at);
        write(index, row);
    }

    /** Replaces an entry's row; only if both expire or neither does. */
    void set(int index, Row row) {
        write(index, row);
    }

    private void write(int index, Row row) {
        int at = index * ROW;
        LONG.set(rows, at, row.timestamp);
        LONG.set(rows, at + HASH, row.hash);
        LONG.set(rows, at + POSITION, row.position);
        putU24(at + FRAME, row.frameBytes);
        putU24(at + VALUE, row.valueBytes);
        rows[at + WRITER] = (byte) (row.writer >>> 8);
        rows[at + WRITER + 1] = (byte) row.writer;
        rows[at + FLAGS] = (byte) row.flags();
        if (row.expiresAtMillis != 0) {
            int keyAt = keyAt(index);
            LONG.set(keys, keyAt + LENGTH_BYTES + keyLength(keyAt), row.expiresAtMillis);
        }
    }

    private void makeRoom(int index) {
        if (count == tokens.length) {
            int capacity = count + 1 + count / 8;
            tokens = Arrays.copyOf(tokens, capacity);
            rows = Arrays.copyOf(rows, capacity * ROW);
        }
        System.arraycopy(tokens, index, tokens, index + 1, count - index);
        System.arraycopy(rows, index * ROW, rows, (index + 1) * ROW, (count - index) * ROW);
        count++;
    }

    private void reserveKeys(int bytes) {
        int needed = keysUsed + bytes;
        if (needed > keys.length) {
            keys = Arrays.copyOf(keys, needed + needed / 8);
        }
        keysUsed = needed;
    }

    /** Removes an entry and its key. */
    void remove(int index) {
        int at = keyAt(index);
        int bytes = LENGTH_BYTES + keyLength(at) + (flag(index, EXPIRES) ? EXPIRY_BYTES : 0);
        System.arraycopy(keys, at + bytes, keys, at, keysUsed - at - bytes);
        keysUsed -= bytes;
        count--;
        System.arraycopy(tokens, index + 1, tokens, index, count - index);
        System.arraycopy(rows, (index + 1) * ROW, rows, index * ROW, (count - index) * ROW);
        for (int i = 0; i < count; i++) {
            int other = keyAt(i);
            if (other > at) {
                INT.set(rows, i * ROW + KEY_AT, other - bytes);
            }
        }
    }

    private void putU24(int at, int value) {
        rows[at] = (byte) (value >>> 16);
        rows[at + 1] = (byte) (value >>> 8);
        rows[at + 2] = (byte) value;
    }

    private int u24(int at) {
        return (rows[at] & 0xff) << 16 | (rows[at + 1] & 0xff) << 8 | (rows[at + 2] & 0xff);
    }

    long token(int index) {
        return tokens[index];
    }

    long timestamp(int index) {
        return (long) LONG.get(rows, index * ROW);
    }

    long hash(int index) {
        return (long) LONG.get(rows, index * ROW + HASH);
    }

    long position(int index) {
        return (long) LONG.get(rows, index * ROW + POSITION);
    }

    void setPosition(int index, long position) {
        LONG.set(rows, index * ROW + POSITION, position);
    }

    void setFrameBytes(int index, int bytes) {
        putU24(index * ROW + FRAME, bytes);
    }

    int frameBytes(int index) {
        return u24(index * ROW + FRAME);
    }

    int valueBytes(int index) {
        return u24(index * ROW + VALUE);
    }

    int writer(int index) {
        int at = index * ROW + WRITER;
        return (rows[at] & 0xff) << 8 | (rows[at + 1] & 0xff);
    }

    boolean flag(int index, int flag) {
        return (rows[index * ROW + FLAGS] & flag) != 0;
    }

    void setFlag(int index, int flag) {
        rows[index * ROW + FLAGS] |= (byte) flag;
    }

    /** Absolute expiry, or 0. */
    long expiresAtMillis(int index) {
        if (!flag(index, EXPIRES)) {
            return 0;
        }
        int at = keyAt(index);
        return (long) LONG.get(keys, at + LENGTH_BYTES + keyLength(at));
    }

    private int keyAt(int index) {
        return (int) INT.get(rows, index * ROW + KEY_AT);
    }

    private int keyLength(int at) {
        return (keys[at] & 0xff) << 8 | (keys[at + 1] & 0xff);
    }

    /** Where the key's bytes begin in {@link #keys}. */
    int keyFrom(int index) {
        return keyAt(index) + LENGTH_BYTES;
    }

    int keyLengthOf(int index) {
        return keyLength(keyAt(index));
    }

    byte[] key(int index) {
        int from = keyFrom(index);
        return Arrays.copyOfRange(keys, from, from + keyLengthOf(index));
    }

    /** Whether the arrays fit together, for a bucket that was read from a file. */
    boolean consistent() {
        for (int i = 0; i < count; i++) {
            int at = keyAt(i);
            boolean within = at >= 0 && at <= keysUsed - LENGTH_BYTES;
            if (!within || !keyFits(i, at) || (i > 0 && descending(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean keyFits(int index, int at) {
        int extra = flag(index, EXPIRES) ? EXPIRY_BYTES : 0;
        return keyLength(at) > 0 && at + LENGTH_BYTES + keyLength(at) + extra <= keysUsed;
    }

    private boolean descending(int index) {
        return Long.compareUnsigned(tokens[index - 1], tokens[index]) > 0;
    }
}

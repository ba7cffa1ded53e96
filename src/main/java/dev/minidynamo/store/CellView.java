package dev.minidynamo.store;

import dev.minidynamo.model.Version;

/**
 * Where the parts of an encoded cell are, without making objects of them.
 *
 * <p>The record's payload is {@code flags u8 | millis u48 | counter varint | writer | incarnation
 * u32 | key length varint | key | [content type length u16, content type] | [expiry u64] | value}.
 * Flags: 1 tombstone, 2 content type, 4 expiry; the upper five bits are the writer's length less
 * one. A tombstone never expires; both flags together, with neither expiry nor value, say that the
 * node gave this version up. A cursor, used again and again.
 */
final class CellView {

    static final int TOMBSTONE = 1;
    static final int CONTENT_TYPE = 2;
    static final int EXPIRES = 4;
    static final int GIVEN_UP = TOMBSTONE | EXPIRES;
    static final int WRITER_SHIFT = 3;

    private static final int MAX_KEY = 1024;

    private byte[] bytes = new byte[0];
    private int cursor;
    private int end;

    private int flags;
    private long timestamp;
    private int writerAt;
    private int writerBytes;
    private int incarnation;
    private int keyAt;
    private int keyBytes;
    private int contentTypeAt;
    private int contentTypeBytes;
    private long expiresAtMillis;
    private int valueAt;

    /** Looks at an encoded cell; false if it is none. */
    boolean parse(byte[] source, int from, int length) {
        bytes = source;
        cursor = from;
        end = from + length;
        return length > 0 && parseVersion() && parseKey() && parseContents();
    }

    private boolean parseVersion() {
        flags = bytes[cursor++] & 0xff;
        writerBytes = (flags >>> WRITER_SHIFT) + 1;
        if (end - cursor < 6 + 1) {
            return false;
        }
        long millis = unsigned(6);
        long counter = varint(3);
        if (counter < 0 || counter > 0xffff || end - cursor < writerBytes + 4) {
            return false;
        }
        timestamp = millis << Version.COUNTER_BITS | counter;
        writerAt = cursor;
        cursor += writerBytes;
        incarnation = (int) unsigned(4);
        return true;
    }

    private boolean parseKey() {
        long length = varint(2);
        keyAt = cursor;
        keyBytes = (int) length;
        cursor += keyBytes;
        return length >= 1 && length <= MAX_KEY && cursor <= end;
    }

    private boolean parseContents() {
        contentTypeBytes = 0;
        contentTypeAt = cursor;
        if ((flags & CONTENT_TYPE) != 0) {
            if (end - cursor < 2) {
                return false;
            }
            contentTypeBytes = (int) unsigned(2);
            contentTypeAt = cursor;
            cursor += contentTypeBytes;
        }
        expiresAtMillis = 0;
        if ((flags & EXPIRES) != 0 && !givenUp()) {
            if (end - cursor < 8) {
                return false;
            }
            expiresAtMillis = unsigned(8);
        }
        valueAt = cursor;
        return cursor <= end && (!tombstone() || cursor == end);
    }

    private long unsigned(int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = (value << 8) | (bytes[cursor++] & 0xff);
        }
        return value;
    }

    private long varint(int most) {
        long value = 0;
        for (int i = 0; i < most && cursor < end; i++) {
            byte b = bytes[cursor++];
            value |= (long) (b & 0x7f) << (7 * i);
            if (b >= 0) {
                return value;
            }
        }
        return -1;
    }

    byte[] bytes() {
        return bytes;
    }

    boolean tombstone() {
        return (flags & TOMBSTONE) != 0;
    }

    /** Whether it is no cell but says that the node no longer holds this version. */
    boolean givenUp() {
        return (flags & GIVEN_UP) == GIVEN_UP;
    }

    boolean hasContentType() {
        return (flags & CONTENT_TYPE) != 0;
    }

    long timestamp() {
        return timestamp;
    }

    int writerAt() {
        return writerAt;
    }

    int writerBytes() {
        return writerBytes;
    }

    int incarnation() {
        return incarnation;
    }

    int keyAt() {
        return keyAt;
    }

    int keyBytes() {
        return keyBytes;
    }

    int contentTypeAt() {
        return contentTypeAt;
    }

    int contentTypeBytes() {
        return contentTypeBytes;
    }

    long expiresAtMillis() {
        return expiresAtMillis;
    }

    int valueAt() {
        return valueAt;
    }

    int valueBytes() {
        return end - valueAt;
    }
}

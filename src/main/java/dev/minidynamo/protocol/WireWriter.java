package dev.minidynamo.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes that a message is written into, big-endian. */
final class WireWriter {

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int length;

    WireWriter(int capacity) {
        bytes = new byte[capacity];
    }

    int length() {
        return length;
    }

    byte[] toByteArray() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    /** Forgets what was written after the first {@code kept} bytes. */
    void truncate(int kept) {
        length = kept;
    }

    WireWriter u8(int value) {
        room(1);
        bytes[length++] = (byte) value;
        return this;
    }

    WireWriter flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    WireWriter u16(int value) {
        room(2);
        SHORT.set(bytes, length, (short) value);
        length += 2;
        return this;
    }

    WireWriter i32(int value) {
        room(4);
        INT.set(bytes, length, value);
        length += 4;
        return this;
    }

    WireWriter i64(long value) {
        room(8);
        LONG.set(bytes, length, value);
        length += 8;
        return this;
    }

    WireWriter raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    /** Bytes after their number in sixteen bits. */
    WireWriter bytes16(byte[] value) {
        return u16(value.length).raw(value);
    }

    /** Bytes after their number in 32 bits. */
    WireWriter bytes32(byte[] value) {
        return i32(value.length).raw(value);
    }

    /** Text of at most 255 ASCII characters, after its length in eight bits. */
    WireWriter ascii8(String text) {
        int size = text.length();
        room(1 + size);
        bytes[length++] = (byte) size;
        for (int i = 0; i < size; i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
        return this;
    }

    /** Text in UTF-8 after its length in sixteen bits; what is too long is cut off. */
    WireWriter text16(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return bytes16(utf8.length <= 0xffff ? utf8 : Arrays.copyOf(utf8, 0xffff));
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}

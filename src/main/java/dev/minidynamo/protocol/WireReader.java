package dev.minidynamo.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads a message, big-endian, and never believes a length before it has seen that so many bytes
 * are there, so that no body can make it allocate more than its own size.
 */
final class WireReader {

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private final int limit;
    private int position;

    WireReader(byte[] bytes, int length) {
        this.bytes = bytes;
        this.limit = length;
    }

    int u8() throws MalformedMessageException {
        return bytes[advance(1)] & 0xff;
    }

    int u16() throws MalformedMessageException {
        return (short) SHORT.get(bytes, advance(2)) & 0xffff;
    }

    int i32() throws MalformedMessageException {
        return (int) INT.get(bytes, advance(4));
    }

    long i64() throws MalformedMessageException {
        return (long) LONG.get(bytes, advance(8));
    }

    boolean flag() throws MalformedMessageException {
        int value = u8();
        if (value > 1) {
            throw malformed("a flag is 0 or 1, not " + value);
        }
        return value == 1;
    }

    byte[] bytes16() throws MalformedMessageException {
        return raw(u16());
    }

    byte[] bytes32() throws MalformedMessageException {
        return raw(i32());
    }

    /** Text after its length in eight bits, one instance for equal bytes. */
    <T> T interned8(Interner<T> interner) throws MalformedMessageException {
        return interned(interner, u8());
    }

    /** Text after its length in sixteen bits, one instance for equal bytes. */
    <T> T interned16(Interner<T> interner) throws MalformedMessageException {
        return interned(interner, u16());
    }

    /**
     * The number of items of a list, of which each takes at least {@code itemBytes}.
     *
     * @throws MalformedMessageException if so many cannot follow
     */
    int count(int itemBytes) throws MalformedMessageException {
        int count = i32();
        if (count < 0 || (long) count * itemBytes > limit - position) {
            throw malformed("a list of " + count + " items does not fit");
        }
        return count;
    }

    /** One of {@code values}, by its place. */
    <E> E choice(E[] values) throws MalformedMessageException {
        int place = u8();
        if (place >= values.length) {
            throw malformed("the code " + place + " is unknown");
        }
        return values[place];
    }

    void end() throws MalformedMessageException {
        if (position != limit) {
            throw malformed((limit - position) + " bytes follow its end");
        }
    }

    MalformedMessageException malformed(String what) {
        return new MalformedMessageException(
                "malformed message: near byte " + position + " of " + limit + ", " + what);
    }

    private byte[] raw(int length) throws MalformedMessageException {
        int from = advance(length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    private <T> T interned(Interner<T> interner, int length) throws MalformedMessageException {
        int from = advance(length);
        try {
            return interner.of(bytes, from, length);
        } catch (IllegalArgumentException bad) {
            throw malformed(String.valueOf(bad.getMessage()));
        }
    }

    private int advance(int count) throws MalformedMessageException {
        int from = position;
        if (count < 0 || count > limit - from) {
            throw malformed("it ends too early");
        }
        position = from + count;
        return from;
    }
}

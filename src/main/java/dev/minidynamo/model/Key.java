package dev.minidynamo.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A key: 1 to 1,024 bytes of any value, compared as unsigned bytes.
 *
 * <p>The bytes are never decoded as text on their way from the raw URI to the disk, so that two
 * different keys can never become one.
 */
public final class Key implements Comparable<Key> {

    /** The longest key, in bytes. */
    public static final int MAX_BYTES = 1024;

    private final byte[] bytes;

    private Key(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Wraps {@code bytes} without copying; the caller gives the array away.
     *
     * @throws IllegalArgumentException if the length is not within 1..{@value #MAX_BYTES}
     */
    public static Key of(byte[] bytes) {
        if (bytes.length < 1 || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a key has 1 to " + MAX_BYTES + " bytes, not " + bytes.length);
        }
        return new Key(bytes);
    }

    /** The key whose bytes are the UTF-8 form of {@code text}. */
    public static Key utf8(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The key's own array, which must not be modified. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int compareTo(Key other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Key other && Arrays.equals(bytes, other.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The key as UTF-8 text, with what is not printable shown as {@code \xHH}. */
    @Override
    public String toString() {
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean printable =
                text.chars().noneMatch(c -> Character.isISOControl(c) || c == 0xFFFD || c == '\\');
        if (printable) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        for (byte b : bytes) {
            if (b >= 0x20 && b < 0x7f && b != '\\') {
                out.append((char) b);
            } else {
                out.append(String.format("\\x%02x", b & 0xff));
            }
        }
        return out.toString();
    }
}

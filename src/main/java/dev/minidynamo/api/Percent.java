package dev.minidynamo.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Percent-coding between raw URIs and bytes (RFC 3986, §2.1), never by way of text; a {@code +} is
 * itself.
 */
final class Percent {

    private static final String UNRESERVED =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private Percent() {}

    /**
     * The bytes of {@code raw} from {@code from} on.
     *
     * @param raw characters below 256, each standing for the byte that was sent
     * @throws Problem 400 if a {@code %} is not followed by two hexadecimal digits
     */
    static byte[] decode(String raw, int from, int to) {
        byte[] out = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                out[length++] = (byte) (hex(raw, i + 1, to) << 4 | hex(raw, i + 2, to));
                i += 2;
            } else {
                out[length++] = (byte) c;
            }
        }
        return length == out.length ? out : Arrays.copyOf(out, length);
    }

    /** The form that {@link #decode} turns back into {@code bytes}, safe in a path and a query. */
    static String encode(byte[] bytes) {
        StringBuilder out = new StringBuilder(bytes.length + 16);
        for (byte b : bytes) {
            char c = (char) (b & 0xff);
            if (c < 128 && UNRESERVED.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
            }
        }
        return out.toString();
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int hex(String raw, int at, int to) {
        int digit = at < to ? Character.digit(raw.charAt(at), 16) : -1;
        if (digit < 0) {
            throw Problem.badRequest(
                    "a % in the address is not followed by two hexadecimal digits; write a % as"
                            + " %25");
        }
        return digit;
    }
}

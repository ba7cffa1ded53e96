package dev.minidynamo.app.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads one HTTP/1.1 response from the bytes that have come so far.
 *
 * <p>Only what a measurement needs is looked at: the status, the length of the body by
 * Content-Length or chunks, and whether the server closes the connection.
 */
final class ResponseReader {

    private static final byte[] LENGTH = ascii("content-length:");
    private static final byte[] CHUNKED = ascii("transfer-encoding: chunked");
    private static final byte[] CLOSE = ascii("connection: close");
    private static final int STATUS_AT = 9;

    private byte[] bytes = new byte[16 << 10];
    private int count;
    private int status;
    private int bodyBytes;
    private boolean closes;

    /** The array to read into, from {@link #count} on; it has room. */
    byte[] space() {
        if (count == bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        return bytes;
    }

    int count() {
        return count;
    }

    /**
     * Takes the bytes that were read into {@link #space}.
     *
     * @return whether the response is complete; then its fields can be asked
     */
    boolean take(int more) {
        count += more;
        int end = headEnd();
        return end > 0 && head(end);
    }

    /** Forgets the response, so that the next can be read. */
    void reset() {
        count = 0;
    }

    int status() {
        return status;
    }

    int bodyBytes() {
        return bodyBytes;
    }

    boolean closes() {
        return closes;
    }

    private int headEnd() {
        for (int at = 3; at < count; at++) {
            if (bytes[at] == '\n' && bytes[at - 1] == '\r' && bytes[at - 2] == '\n') {
                return at + 1;
            }
        }
        return -1;
    }

    private boolean head(int end) {
        status =
                (bytes[STATUS_AT] - '0') * 100
                        + (bytes[STATUS_AT + 1] - '0') * 10
                        + (bytes[STATUS_AT + 2] - '0');
        int length = 0;
        boolean chunked = false;
        closes = false;
        for (int at = lineEnd(0, end); at < end - 2; at = lineEnd(at, end)) {
            if (startsWith(at, LENGTH)) {
                length = number(at + LENGTH.length, 10);
            } else if (startsWith(at, CHUNKED)) {
                chunked = true;
            } else if (startsWith(at, CLOSE)) {
                closes = true;
            }
        }
        if (chunked) {
            return chunks(end);
        }
        bodyBytes = length;
        return count >= end + length;
    }

    private boolean chunks(int from) {
        bodyBytes = 0;
        int at = from;
        while (true) {
            int data = lineEnd(at, count);
            if (data > count || data == at || bytes[data - 1] != '\n') {
                return false;
            }
            int length = number(at, 16);
            int next = data + length + 2;
            if (next > count) {
                return false;
            }
            if (length == 0) {
                return true;
            }
            bodyBytes += length;
            at = next;
        }
    }

    /** The index after the next line feed, or {@code end}. */
    private int lineEnd(int from, int end) {
        int at = from;
        while (at < end) {
            if (bytes[at++] == '\n') {
                return at;
            }
        }
        return end;
    }

    private int number(int from, int radix) {
        int at = from;
        while (bytes[at] == ' ') {
            at++;
        }
        int number = 0;
        for (int digit = Character.digit(bytes[at], radix); digit >= 0; ) {
            number = number * radix + digit;
            at++;
            digit = Character.digit(bytes[at], radix);
        }
        return number;
    }

    private boolean startsWith(int from, byte[] lowerCase) {
        if (from + lowerCase.length > count) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            int c = bytes[from + i];
            int lower = c >= 'A' && c <= 'Z' ? c + 32 : c;
            if (lower != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

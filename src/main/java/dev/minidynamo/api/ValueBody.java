package dev.minidynamo.api;

import dev.minidynamo.model.Cell;

import jakarta.servlet.http.HttpServletRequest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** The value in the body of a PUT, whatever its content type says. */
final class ValueBody {

    private static final int MAX_CONTENT_TYPE_CHARS = 255;

    /** The server ends a connection that is silent for 20 s; this is for one that trickles. */
    private static final long PATIENCE_SECONDS = 60;

    static final long PATIENCE_NANOS = PATIENCE_SECONDS * 1_000_000_000L;
    private static final int FIRST_BYTES = 8 * 1024;

    private ValueBody() {}

    /**
     * The most bytes that reading the body can take up.
     *
     * @throws Problem 413 if there are more than {@code maxBytes}
     */
    static long mostBytes(HttpServletRequest request, int maxBytes) {
        long length = request.getContentLengthLong();
        if (length > maxBytes) {
            throw tooLarge(maxBytes);
        }
        return length < 0 ? maxBytes : length;
    }

    /**
     * All bytes of the body.
     *
     * @param nanos a clock that never goes back
     * @throws Problem 413 if there are more than {@code maxBytes} after all, 400 if the client
     *     stopped early, 408 if it takes too long over it
     */
    static byte[] read(HttpServletRequest request, int maxBytes, LongSupplier nanos)
            throws IOException {
        long length = request.getContentLengthLong();
        int most = length < 0 ? maxBytes + 1 : (int) mostBytes(request, maxBytes);
        byte[] bytes = new byte[length < 0 ? Math.min(most, FIRST_BYTES) : most];
        InputStream in = request.getInputStream();
        long deadline = nanos.getAsLong() + PATIENCE_NANOS;
        int have = 0;
        while (have < most) {
            if (have == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(most, 2L * have));
            }
            int read = in.read(bytes, have, bytes.length - have);
            if (read < 0) {
                break;
            }
            have += read;
            if (nanos.getAsLong() - deadline > 0) {
                throw tooSlow();
            }
        }
        return whole(bytes, have, length, maxBytes);
    }

    private static byte[] whole(byte[] bytes, int have, long length, int maxBytes) {
        if (have > maxBytes) {
            throw tooLarge(maxBytes);
        }
        if (have < length) {
            throw Problem.badRequest(
                    "the body ends after " + have + " of " + length + " bytes; nothing was stored");
        }
        return have == bytes.length ? bytes : Arrays.copyOf(bytes, have);
    }

    /**
     * The content type to store.
     *
     * @param type the header, if there is one
     * @throws Problem 400 if it cannot be sent back in a header
     */
    static String contentType(@Nullable String type) {
        if (type == null || type.isEmpty()) {
            return Cell.DEFAULT_CONTENT_TYPE;
        }
        if (type.length() > MAX_CONTENT_TYPE_CHARS
                || type.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw Problem.badRequest(
                    "Content-Type is too long or has characters that are not printable ASCII;"
                            + " accepted are up to 255 characters");
        }
        return type;
    }

    static Problem tooSlow() {
        return new Problem(
                408,
                "the body did not arrive within " + PATIENCE_SECONDS + " s; nothing was stored");
    }

    static Problem tooLarge(int maxBytes) {
        return new Problem(413, "the value is too large; accepted are up to " + maxBytes + " bytes")
                .with("maxValueBytes", maxBytes);
    }
}

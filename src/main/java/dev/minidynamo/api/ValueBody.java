package dev.minidynamo.api;

import dev.minidynamo.model.Cell;

import jakarta.servlet.http.HttpServletRequest;

import java.io.IOException;
import java.io.InputStream;

/** The value in the body of a PUT, whatever its content type says. */
final class ValueBody {

    private static final int MAX_CONTENT_TYPE_CHARS = 255;

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
     * @throws Problem 413 if there are more than {@code maxBytes} after all, 400 if the client
     *     stopped early
     */
    static byte[] read(HttpServletRequest request, int maxBytes) throws IOException {
        long length = request.getContentLengthLong();
        InputStream in = request.getInputStream();
        if (length < 0) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw tooLarge(maxBytes);
            }
            return bytes;
        }
        byte[] bytes = new byte[(int) length];
        int read = in.readNBytes(bytes, 0, bytes.length);
        if (read < bytes.length) {
            throw Problem.badRequest(
                    "the body ends after " + read + " of " + length + " bytes; nothing was stored");
        }
        return bytes;
    }

    /**
     * The content type to store.
     *
     * @throws Problem 400 if it cannot be sent back in a header
     */
    static String contentType(HttpServletRequest request) {
        String type = request.getContentType();
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

    private static Problem tooLarge(int maxBytes) {
        return new Problem(413, "the value is too large; accepted are up to " + maxBytes + " bytes")
                .with("maxValueBytes", maxBytes);
    }
}

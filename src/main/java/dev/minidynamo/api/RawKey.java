package dev.minidynamo.api;

import dev.minidynamo.model.Key;

/**
 * The key of a request as bytes, taken from the URI as it was sent.
 *
 * <p>Servers and clients rewrite paths: they fold {@code //}, cut {@code ;…}, resolve {@code ..}. A
 * store that believes the rewritten path answers for another key (`docs`, known bug 32). So the key
 * comes from the raw URI alone, and the segments {@code .} and {@code ..}, which many clients
 * resolve before they send, are refused.
 */
final class RawKey {

    private static final String KEY_HINT =
            "write such a key as a parameter: /kv?key=… with everything percent-encoded";

    private RawKey() {}

    /**
     * The bytes after {@code prefix} of a raw URI.
     *
     * @throws Problem 400 or 414 if that is not a key
     */
    static Key fromPath(String uri, String prefix) {
        if (!uri.startsWith(prefix)) {
            throw Problem.badRequest(
                    "the path does not begin with " + prefix + " as it was sent; " + KEY_HINT);
        }
        return of(Percent.decode(uri, prefix.length(), uri.length()));
    }

    /**
     * @throws Problem 400 or 414 if these bytes are not a key
     */
    static Key of(byte[] bytes) {
        if (bytes.length == 0) {
            throw Problem.badRequest("the key is empty; accepted are 1 to 1,024 bytes");
        }
        if (bytes.length > Key.MAX_BYTES) {
            throw new Problem(
                    414, "the key has " + bytes.length + " bytes; accepted are 1 to 1,024");
        }
        return Key.of(bytes);
    }

    /** The refusal of a path that names a key with a dot segment. */
    static Problem dotSegment() {
        return Problem.badRequest(
                "the path has a segment \".\" or \"..\", which clients and servers rewrite; "
                        + KEY_HINT);
    }

    /** Whether a raw path has a segment that is {@code .} or {@code ..} in any spelling. */
    static boolean hasDotSegment(String uri) {
        int dot = uri.indexOf('.');
        int encoded = uri.indexOf("%2");
        if (dot < 0 && encoded < 0) {
            return false;
        }
        int from = 0;
        while (from <= uri.length()) {
            int to = uri.indexOf('/', from);
            to = to < 0 ? uri.length() : to;
            if (isDots(uri, from, to)) {
                return true;
            }
            from = to + 1;
        }
        return false;
    }

    private static boolean isDots(String uri, int from, int to) {
        int dots = 0;
        int at = from;
        while (at < to && uri.charAt(at) != ';') {
            if (uri.charAt(at) == '.') {
                at++;
            } else if (uri.regionMatches(true, at, "%2e", 0, 3) && at + 3 <= to) {
                at += 3;
            } else {
                return false;
            }
            dots++;
        }
        return dots == 1 || dots == 2;
    }
}

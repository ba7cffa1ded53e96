package dev.minidynamo.api;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The head of a request in the plain form: one of which nothing can be understood in two ways and
 * nothing needs more of HTTP than a length.
 *
 * <p>Whatever is not surely of this form, however legal, is Tomcat's to understand.
 *
 * @param uri the raw path, without a query
 * @param host the value of {@code Host}
 * @param last whether the connection is to be closed after the answer
 * @param headBytes up to and with the empty line
 * @param bodyBytes that follow
 */
record PlainRequest(
        String method,
        String uri,
        String host,
        @Nullable String contentType,
        @Nullable String authorization,
        boolean last,
        int headBytes,
        int bodyBytes) {

    private static final String VERSION = " HTTP/1.1";

    /** The longest length that is read here has so many digits. */
    private static final int MAX_LENGTH_DIGITS = 9;

    /**
     * What {@code Connection} may say beside {@code close}. An offer to go on in HTTP/2, as the
     * JDK's client makes it, is one that a server may leave (RFC 9110, §7.8).
     */
    private static final Pattern KEPT =
            Pattern.compile("(?i)(?:(?:keep-alive|upgrade|http2-settings)(?:, *|$))+");

    /** A percent sign that stands for nothing, or for the byte zero, which Tomcat refuses. */
    private static final Pattern BAD_CODING = Pattern.compile("%(?!(?!00)\\p{XDigit}{2})");

    private static final boolean[] PATH = characters("-._~!$&'()*+,=:@/%");
    private static final boolean[] HOST = characters("-._:[]");
    private static final boolean[] NAME = characters("-_");

    private static boolean[] characters(String more) {
        boolean[] accepted = new boolean[128];
        for (char c = 0; c < 128; c++) {
            accepted[c] = Character.isLetterOrDigit(c) || more.indexOf(c) >= 0;
        }
        return accepted;
    }

    /**
     * The request at the beginning of {@code bytes}, or null if its head is not there to its end or
     * not of the plain form.
     */
    static @Nullable PlainRequest parse(byte[] bytes, int length) {
        return new Parser(bytes, length).parse();
    }

    /** Reads one head; every way out but the last means that it is not plain. */
    private static final class Parser {

        private final byte[] bytes;
        private final int length;
        private int at;
        private @Nullable String host;
        private @Nullable String contentType;
        private @Nullable String authorization;
        private @Nullable String connection;
        private int bodyBytes = -1;

        Parser(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }

        @Nullable PlainRequest parse() {
            int end = lineEnd();
            String method = method();
            if (end < 0 || method == null) {
                return null;
            }
            int from = method.length() + 1;
            int to = end - VERSION.length();
            if (from >= to || bytes[from] != '/' || !text(to, end).equals(VERSION)) {
                return null;
            }
            String uri = text(from, to);
            boolean coded = uri.indexOf('%') >= 0;
            if (!consistsOf(uri, PATH) || (coded && BAD_CODING.matcher(uri).find())) {
                return null;
            }
            at = end + 2;
            for (end = lineEnd(); end > at; end = lineEnd()) {
                if (!header(end)) {
                    return null;
                }
                at = end + 2;
            }
            String named = host;
            if (end < 0 || named == null || !consistsOf(named, HOST)) {
                return null;
            }
            boolean carries = method.equals("PUT") || method.equals("POST");
            if (carries ? bodyBytes < 0 : bodyBytes > 0) {
                return null;
            }
            return new PlainRequest(
                    method,
                    uri,
                    named,
                    contentType,
                    authorization,
                    isLast(),
                    end + 2,
                    Math.max(0, bodyBytes));
        }

        private @Nullable String method() {
            return startsWith("GET ")
                    ? "GET"
                    : startsWith("PUT ")
                            ? "PUT"
                            : startsWith("POST ")
                                    ? "POST"
                                    : startsWith("DELETE ") ? "DELETE" : null;
        }

        private boolean startsWith(String word) {
            if (length < word.length()) {
                return false;
            }
            for (int i = 0; i < word.length(); i++) {
                if (bytes[i] != word.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        /** Where the line at {@link #at} ends with CR and LF, or -1. */
        private int lineEnd() {
            for (int i = at; i < length - 1; i++) {
                if (bytes[i] == '\r') {
                    return bytes[i + 1] == '\n' ? i : -1;
                }
            }
            return -1;
        }

        /** Takes the header up to {@code end}; false if it is not plain. */
        private boolean header(int end) {
            int colon = at;
            while (colon < end && bytes[colon] > 0 && NAME[bytes[colon]]) {
                colon++;
            }
            if (colon == at || colon == end || bytes[colon] != ':') {
                return false;
            }
            String value = text(colon + 1, end);
            for (int i = 0; i < value.length(); i++) {
                if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
                    return false;
                }
            }
            return header(text(at, colon).toLowerCase(Locale.ROOT), value.strip());
        }

        private boolean header(String name, String value) {
            boolean first = true;
            switch (name) {
                case "host" -> {
                    first = host == null;
                    host = value;
                }
                case "content-type" -> {
                    first = contentType == null;
                    contentType = value;
                }
                case "authorization" -> {
                    first = authorization == null;
                    authorization = value;
                }
                case "content-length" -> {
                    first = bodyBytes < 0;
                    bodyBytes = number(value);
                    return first && bodyBytes >= 0;
                }
                case "connection" -> {
                    first = connection == null;
                    connection = value;
                    return first && (isLast() || KEPT.matcher(value).matches());
                }
                case "transfer-encoding", "expect", "origin", "te", "trailer" -> {
                    return false;
                }
                default -> {
                    return !name.startsWith("if-") && !name.startsWith("content-");
                }
            }
            return first;
        }

        private boolean isLast() {
            return "close".equalsIgnoreCase(connection);
        }

        private static int number(String digits) {
            if (digits.isEmpty() || digits.length() > MAX_LENGTH_DIGITS) {
                return -1;
            }
            int number = 0;
            for (int i = 0; i < digits.length(); i++) {
                char digit = digits.charAt(i);
                if (digit < '0' || digit > '9') {
                    return -1;
                }
                number = 10 * number + digit - '0';
            }
            return number;
        }

        private String text(int from, int to) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }

        private static boolean consistsOf(String text, boolean[] accepted) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c >= 128 || !accepted[c]) {
                    return false;
                }
            }
            return true;
        }
    }
}

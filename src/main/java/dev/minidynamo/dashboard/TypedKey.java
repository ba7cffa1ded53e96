package dev.minidynamo.dashboard;

import dev.minidynamo.model.Key;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A key as a page names it.
 *
 * <p>Bytes that are no text cannot be typed and are shown as {@code \xHH}. For such a key a link
 * carries the bytes, percent-encoded, beside the text. They count as long as the text is the one
 * that they are shown as; what a person typed instead counts as itself.
 *
 * @param text what is shown in the field
 * @param encoded the bytes, percent-encoded
 */
public record TypedKey(String text, String encoded) {

    private static final Pattern PERCENT_ENCODED =
            Pattern.compile("(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+");
    private static final int LONGEST = 3 * Key.MAX_BYTES;

    /** The key that a form or a link means; what it carries beside the text may be empty. */
    static TypedKey of(String text, String carried) {
        return shownAs(carried).equals(text)
                ? new TypedKey(text, carried)
                : new TypedKey(text, encode(text));
    }

    /** How many bytes the key has. */
    int length() {
        return encoded.replaceAll("%..", "x").length();
    }

    /** Percent-encodes a text for a query. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String shownAs(String encoded) {
        boolean legal = encoded.length() <= LONGEST && PERCENT_ENCODED.matcher(encoded).matches();
        return legal ? Key.of(bytes(encoded)).toString() : "";
    }

    /** URLDecoder knows characters; here each stands for a byte. */
    private static byte[] bytes(String encoded) {
        return URLDecoder.decode(encoded, StandardCharsets.ISO_8859_1)
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}

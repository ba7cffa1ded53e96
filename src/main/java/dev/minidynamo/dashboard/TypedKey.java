package dev.minidynamo.dashboard;

import dev.minidynamo.model.Key;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
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
record TypedKey(String text, String encoded) {

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
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String shownAs(String encoded) {
        boolean legal = encoded.length() <= LONGEST && PERCENT_ENCODED.matcher(encoded).matches();
        return legal ? Key.of(decode(encoded)).toString() : "";
    }

    private static byte[] decode(String encoded) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < encoded.length(); i++) {
            if (encoded.charAt(i) == '%') {
                hex.append(encoded, i + 1, i + 3);
                i += 2;
            } else {
                hex.append(HexFormat.of().toHexDigits((byte) encoded.charAt(i)));
            }
        }
        return HexFormat.of().parseHex(hex);
    }
}

package dev.minidynamo.dashboard;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** How a person writes and reads the bytes of a value. */
public enum ValueFormat {
    TEXT("text/plain; charset=utf-8"),
    JSON("application/json"),
    HEX("application/octet-stream");

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final String contentType;

    ValueFormat(String contentType) {
        this.contentType = contentType;
    }

    /** The content type of a value that was written in this form. */
    public String contentType() {
        return contentType;
    }

    /**
     * The format of this name, in any case.
     *
     * @throws IllegalArgumentException with a sentence if there is none
     */
    static ValueFormat of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "text" -> TEXT;
            case "json" -> JSON;
            case "hex" -> HEX;
            default ->
                    throw new IllegalArgumentException(
                            "The format is \"" + name + "\"; accepted is text, json or hex.");
        };
    }

    /**
     * The bytes that a person meant.
     *
     * @throws IllegalArgumentException with a sentence if the text does not have this form
     */
    byte[] parse(String text) {
        return switch (this) {
            case TEXT -> text.getBytes(StandardCharsets.UTF_8);
            case JSON -> json(text);
            case HEX -> hex(text);
        };
    }

    private static byte[] json(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("The value is no JSON: it is empty.");
        }
        try {
            MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "The value is no JSON: " + e.getOriginalMessage() + ".", e);
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hex(String text) {
        try {
            return HexFormat.of().parseHex(text.replaceAll("\\s+", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The value is no hex; accepted are pairs of the digits 0 to f.", e);
        }
    }

    /** The bytes in this form; bytes that are no text are shown in hex whatever was asked. */
    String show(byte[] bytes) {
        String text = this == HEX ? null : utf8(bytes);
        if (text == null) {
            return HexFormat.ofDelimiter(" ").formatHex(bytes);
        }
        return this == JSON ? indented(text) : text;
    }

    private static @org.jspecify.annotations.Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** The text with line breaks, if that changes nothing else of it, such as 1.10 or a name. */
    private static String indented(String text) {
        try {
            String indented =
                    MAPPER.writerWithDefaultPrettyPrinter()
                            .writeValueAsString(MAPPER.readTree(text));
            return withoutBlanks(indented).equals(withoutBlanks(text)) ? indented : text;
        } catch (JacksonException e) {
            return text;
        }
    }

    private static String withoutBlanks(String json) {
        StringBuilder out = new StringBuilder(json.length());
        boolean inString = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (inString || !Character.isWhitespace(c)) {
                out.append(c);
            }
            if (inString && c == '\\') {
                i++;
                out.append(json.charAt(i));
            } else if (c == '"') {
                inString = !inString;
            }
        }
        return out.toString();
    }
}

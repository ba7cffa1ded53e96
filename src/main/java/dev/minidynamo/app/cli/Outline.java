package dev.minidynamo.app.cli;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** JSON as indented lines for people: no quotes, no braces. */
final class Outline {

    private static final String STEP = "  ";

    private Outline() {}

    static List<String> of(JsonNode node) {
        List<String> lines = new ArrayList<>();
        fields(node, "", lines);
        return lines;
    }

    private static void fields(JsonNode object, String indent, List<String> lines) {
        object.properties()
                .forEach(field -> value(field.getKey(), field.getValue(), indent, lines));
    }

    private static void value(String name, JsonNode value, String indent, List<String> lines) {
        if (value.isObject()) {
            lines.add(indent + name);
            fields(value, indent + STEP, lines);
        } else if (value.isArray()) {
            list(name, value, indent, lines);
        } else {
            lines.add(indent + name + ": " + scalar(value));
        }
    }

    private static void list(String name, JsonNode array, String indent, List<String> lines) {
        List<String> words = new ArrayList<>();
        boolean plain = true;
        for (JsonNode item : array) {
            plain = plain && item.isValueNode();
            words.add(item.isValueNode() ? scalar(item) : inline(item));
        }
        if (plain) {
            lines.add(indent + name + ": " + (words.isEmpty() ? "none" : String.join(", ", words)));
            return;
        }
        lines.add(indent + name);
        words.forEach(word -> lines.add(indent + STEP + word));
    }

    private static String inline(JsonNode item) {
        List<String> words = new ArrayList<>();
        item.properties()
                .forEach(field -> {
                    JsonNode value = field.getValue();
                    boolean telling = !value.isNull() && !value.toString().equals("[]");
                    if (telling) {
                        words.add(
                                field.getKey()
                                        + "="
                                        + (value.isValueNode() ? scalar(value) : value));
                    }
                });
        return String.join("  ", words);
    }

    private static String scalar(JsonNode value) {
        return value.isString() ? value.stringValue() : value.toString();
    }
}

package dev.minidynamo.api;

import dev.minidynamo.coordinator.Mode;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The parameters of a raw query string, as bytes.
 *
 * <p>They are never asked of the servlet request: that would read a form's body, and with it the
 * value that is being put.
 */
final class Query {

    private static final Query EMPTY = new Query(Map.of());

    private final Map<String, byte[]> parameters;

    private Query(Map<String, byte[]> parameters) {
        this.parameters = parameters;
    }

    /**
     * @param raw the query string as sent, or null
     * @param accepted the names that may occur
     * @throws Problem 400 for any other name, a name twice, or bad percent-coding
     */
    static Query parse(@Nullable String raw, List<String> accepted) {
        if (raw == null || raw.isEmpty()) {
            return EMPTY;
        }
        Map<String, byte[]> parameters = new TreeMap<>();
        int from = 0;
        while (from <= raw.length()) {
            int to = raw.indexOf('&', from);
            to = to < 0 ? raw.length() : to;
            if (to > from) {
                add(parameters, raw, from, to, accepted);
            }
            from = to + 1;
        }
        return new Query(parameters);
    }

    private static void add(
            Map<String, byte[]> parameters, String raw, int from, int to, List<String> accepted) {
        int equals = raw.indexOf('=', from);
        int nameEnd = equals < 0 || equals > to ? to : equals;
        String name = Percent.text(Percent.decode(raw, from, nameEnd));
        if (!accepted.contains(name)) {
            throw Problem.badRequest(
                    "the query parameter \""
                            + name
                            + "\" is unknown here; accepted are "
                            + accepted);
        }
        byte[] value = nameEnd == to ? new byte[0] : Percent.decode(raw, nameEnd + 1, to);
        if (parameters.put(name, value) != null) {
            throw Problem.badRequest("the query parameter \"" + name + "\" is given twice");
        }
    }

    byte @Nullable [] bytes(String name) {
        return parameters.get(name);
    }

    @Nullable String text(String name) {
        byte[] value = parameters.get(name);
        return value == null ? null : Percent.text(value);
    }

    /**
     * A whole number within {@code least..most}, or {@code otherwise} if it is not given.
     *
     * @throws Problem 400 if it is anything else
     */
    long number(String name, long least, long most, long otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // answered below like a number out of range
        }
        throw Problem.badRequest(
                name
                        + " is \""
                        + text
                        + "\"; accepted is a whole number from "
                        + least
                        + " to "
                        + most);
    }

    boolean flag(String name) {
        String text = text(name);
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.equals("true") || text.isEmpty()) {
            return true;
        }
        throw Problem.badRequest(name + " is \"" + text + "\"; accepted is true or false");
    }

    Mode mode(Mode otherwise) {
        String text = text("mode");
        if (text == null) {
            return otherwise;
        }
        return switch (text) {
            case "strict" -> Mode.STRICT;
            case "sloppy" -> Mode.SLOPPY;
            default ->
                    throw Problem.badRequest(
                            "mode is \"" + text + "\"; accepted is strict or sloppy");
        };
    }
}

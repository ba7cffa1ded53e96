package dev.minidynamo.dashboard;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/**
 * A page of keys in key order.
 *
 * @param problem why there is no page, or empty
 * @param cursor where the next page begins, or empty if this is the last one
 */
public record KeyPage(String prefix, String problem, List<Entry> entries, String cursor) {

    /**
     * One key.
     *
     * @param key as text, for people
     * @param encoded its bytes, percent-encoded
     */
    public record Entry(String key, String encoded, String size, String version, String age) {}

    static KeyPage failed(String prefix, String problem) {
        return new KeyPage(prefix, problem, List.of(), "");
    }

    static KeyPage of(String prefix, JsonNode json) {
        List<Entry> entries = new ArrayList<>();
        long now = System.currentTimeMillis();
        for (JsonNode entry : json.path("keys")) {
            entries.add(
                    new Entry(
                            entry.path("key").asString(""),
                            entry.path("keyEncoded").asString(""),
                            Words.bytes(entry.path("valueBytes").asLong(-1)),
                            entry.path("version").asString(""),
                            Words.ago(entry.path("writtenAtMillis").asLong(0), now)));
        }
        return new KeyPage(prefix, "", entries, json.path("cursor").asString(""));
    }
}

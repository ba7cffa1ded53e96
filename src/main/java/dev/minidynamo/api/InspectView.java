package dev.minidynamo.api;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Reply;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each node holds for a key: newest, stale, missing or unreachable, and the hints. */
final class InspectView {

    private InspectView() {}

    static List<Map<String, Object>> of(Map<NodeId, Reply> answers) {
        Version newest = newest(answers);
        List<Map<String, Object>> rows = new ArrayList<>();
        answers.forEach((node, reply) -> rows.add(row(node, reply, newest)));
        return rows;
    }

    private static Map<String, Object> row(NodeId node, Reply reply, @Nullable Version newest) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("node", node.value());
        switch (reply) {
            case Reply.Inspected held -> {
                json.put("answer", word(held, newest));
                if (held.own() != null) {
                    entry(json, held.own(), held.tombstone());
                }
                json.put("hints", held.hints().stream().map(InspectView::hint).toList());
            }
            case Reply.Refused refused -> {
                json.put("answer", "refused");
                json.put("detail", refused.reason() + ": " + refused.detail());
            }
            case Reply.Failed failed -> {
                json.put("answer", "unreachable");
                json.put("detail", failed.failure() + ": " + failed.detail());
            }
            default -> {
                json.put("answer", "unreachable");
                json.put("detail", "an unexpected answer");
            }
        }
        return json;
    }

    private static String word(Reply.Inspected held, @Nullable Version newest) {
        if (held.own() == null) {
            return "missing";
        }
        return held.own().version().equals(newest) ? "newest" : "stale";
    }

    private static void entry(Map<String, Object> json, Reply.PageEntry entry, boolean tombstone) {
        json.put("version", entry.version().toString());
        json.put("writer", entry.version().writer().value());
        json.put("writtenAtMillis", entry.version().wallMillis());
        json.put("valueBytes", entry.valueBytes());
        json.put("tombstone", tombstone);
        if (entry.deadSinceMillis() != Long.MAX_VALUE) {
            json.put("deadSinceMillis", entry.deadSinceMillis());
        }
    }

    private static Map<String, Object> hint(Reply.HeldHint hint) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("target", hint.target().value());
        json.put("version", hint.version().toString());
        json.put("tombstone", hint.tombstone());
        json.put("ageMillis", hint.ageMillis());
        return json;
    }

    private static @Nullable Version newest(Map<NodeId, Reply> answers) {
        Version newest = null;
        for (Reply reply : answers.values()) {
            if (reply instanceof Reply.Inspected held) {
                newest = held.own() == null ? newest : later(newest, held.own().version());
                for (Reply.HeldHint hint : held.hints()) {
                    newest = later(newest, hint.version());
                }
            }
        }
        return newest;
    }

    private static Version later(@Nullable Version a, Version b) {
        return a == null || b.isNewerThan(a) ? b : a;
    }
}

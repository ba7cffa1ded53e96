package dev.minidynamo.api;

import dev.minidynamo.coordinator.Mode;
import dev.minidynamo.coordinator.OperationOptions;
import dev.minidynamo.coordinator.ReadOutcome;
import dev.minidynamo.coordinator.ReplicaAnswer;
import dev.minidynamo.coordinator.ReplicaAnswer.Answer;
import dev.minidynamo.coordinator.WriteOutcome;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.ring.PreferenceList;
import dev.minidynamo.ring.Ring;

import org.jspecify.annotations.Nullable;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An operation told as JSON: where the key lives, who answered what, and why that was the result.
 */
final class ExplainView {

    private static final int MAX_SHOWN_BYTES = 64 * 1024;

    private final Ring ring;

    ExplainView(Ring ring) {
        this.ring = ring;
    }

    /** Where a key lives. */
    Map<String, Object> place(Key key) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", key.toString());
        json.put("keyEncoded", Percent.encode(key.bytes()));
        long token = Ring.tokenOf(key);
        json.put("token", String.format("%016x", token));
        json.put("partition", Ring.partitionOf(token));
        PreferenceList nodes = ring.preferenceList(key);
        json.put("primaries", names(nodes.primaries()));
        json.put("fallbacks", names(nodes.fallbacks()));
        return json;
    }

    Map<String, Object> of(Key key, OperationOptions how, WriteOutcome outcome, long micros) {
        Map<String, Object> json = head(key, how, outcome.strict(), micros);
        Version version = null;
        switch (outcome) {
            case WriteOutcome.Written written -> {
                json.put("outcome", "written");
                version = written.version();
            }
            case WriteOutcome.Rejected rejected -> {
                json.put("outcome", "rejected");
                json.put("why", rejected.why());
            }
            case WriteOutcome.Indeterminate indeterminate -> {
                json.put("outcome", "indeterminate");
                json.put("acknowledged", indeterminate.acks());
            }
            case WriteOutcome.DiskFull full -> {
                json.put("outcome", "disk full");
                json.put("acknowledged", full.acks());
            }
        }
        version(json, version);
        json.put("replicas", Answers.replicas(outcome.replicas()));
        json.put("hinted", having(outcome.replicas(), Answer.HINTED));
        json.put("repaired", List.of());
        return json;
    }

    Map<String, Object> of(Key key, OperationOptions how, ReadOutcome outcome, long micros) {
        Map<String, Object> json = head(key, how, outcome.strict(), micros);
        Version version = null;
        switch (outcome) {
            case ReadOutcome.Value value -> {
                json.put("outcome", "found");
                json.put("why", "the highest version among the answers wins");
                version = value.cell().version();
                value(json, value.cell());
            }
            case ReadOutcome.NotFound nothing -> {
                json.put("outcome", "not found");
                json.put("why", whyNothing(nothing.winner()));
                version = nothing.winner() == null ? null : nothing.winner().version();
            }
            case ReadOutcome.Unavailable unavailable -> {
                json.put("outcome", "unavailable");
                json.put("why", unavailable.why());
                json.put("acknowledged", unavailable.answered());
            }
        }
        version(json, version);
        json.put("replicas", Answers.replicas(outcome.replicas()));
        json.put("hinted", List.of());
        json.put("repaired", having(outcome.replicas(), Answer.STALE));
        return json;
    }

    private Map<String, Object> head(Key key, OperationOptions how, boolean strict, long micros) {
        Map<String, Object> json = place(key);
        json.put("mode", how.mode() == Mode.STRICT ? "strict" : "sloppy");
        json.put("required", how.quorum());
        json.put("consistency", strict ? "strict" : "sloppy");
        json.put("latencyMicros", micros);
        return json;
    }

    private static void version(Map<String, Object> json, @Nullable Version version) {
        if (version != null) {
            json.put("version", version.toString());
            json.put("writer", version.writer().value());
            json.put("writtenAtMillis", version.wallMillis());
        }
    }

    private static void value(Map<String, Object> json, Cell.Live cell) {
        json.put("contentType", cell.contentType());
        json.put("valueBytes", cell.value().length);
        if (cell.value().length <= MAX_SHOWN_BYTES) {
            json.put("valueBase64", Base64.getEncoder().encodeToString(cell.value()));
        }
        if (cell.expiresAtMillis() != Cell.NEVER) {
            json.put("expiresAtMillis", cell.expiresAtMillis());
        }
    }

    private static String whyNothing(@Nullable Cell winner) {
        return switch (winner) {
            case null -> "no replica that answered holds anything";
            case Cell.Tombstone _ -> "the newest version is a delete";
            case Cell.Live _ -> "the newest version has expired";
        };
    }

    private static List<String> having(List<ReplicaAnswer> answers, Answer answer) {
        return answers.stream()
                .filter(one -> one.answer() == answer)
                .map(one -> one.node().value())
                .toList();
    }

    private static List<String> names(List<NodeId> nodes) {
        return nodes.stream().map(NodeId::value).toList();
    }
}

package dev.minidynamo.api;

import dev.minidynamo.coordinator.ReadOutcome;
import dev.minidynamo.coordinator.ReplicaAnswer;
import dev.minidynamo.coordinator.WriteOutcome;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Version;

import org.apache.tomcat.util.http.FastHttpDateFormat;

import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns outcomes into HTTP answers (promise P2: rejected and indeterminate are told apart).
 *
 * <p>None of them is an exception here: Spring's way of handling one costs as much as a whole read.
 */
final class Answers {

    private static final String RETRY_AFTER_SECONDS = "1";

    private Answers() {}

    static int status(ReadOutcome outcome) {
        return switch (outcome) {
            case ReadOutcome.Value _ -> 200;
            case ReadOutcome.NotFound _ -> 404;
            case ReadOutcome.Unavailable _ -> 503;
        };
    }

    static int status(WriteOutcome outcome) {
        return switch (outcome) {
            case WriteOutcome.Written _ -> 200;
            case WriteOutcome.Rejected _, WriteOutcome.Indeterminate _ -> 503;
            case WriteOutcome.DiskFull _ -> 507;
        };
    }

    /** The answer to a read without conditions. */
    static HttpAnswer read(ReadOutcome outcome) {
        return read(outcome, Collections.emptyEnumeration());
    }

    /**
     * @param known values of {@code If-None-Match}
     */
    static HttpAnswer read(ReadOutcome outcome, Enumeration<String> known) {
        HttpAnswer answer =
                switch (outcome) {
                    case ReadOutcome.Value value -> value(value.cell(), known);
                    case ReadOutcome.NotFound _ ->
                            new Problem(404, "no value is stored under this key").answer();
                    case ReadOutcome.Unavailable unavailable ->
                            retryLater(
                                            "the read quorum was not reached: "
                                                    + unavailable.why()
                                                    + "; "
                                                    + unavailable.answered()
                                                    + " of "
                                                    + unavailable.needed()
                                                    + " required replicas answered")
                                    .with("required", unavailable.needed())
                                    .with("acknowledged", unavailable.answered())
                                    .with("outcome", "rejected")
                                    .with("replicas", replicas(unavailable.replicas()))
                                    .answer();
                };
        return consistency(answer, outcome.replicas(), outcome.strict());
    }

    private static HttpAnswer value(Cell.Live cell, Enumeration<String> known) {
        String etag = etag(cell.version());
        boolean same = matches(known, etag);
        long seconds = cell.version().wallMillis() / 1000;
        HttpAnswer answer =
                new HttpAnswer(same ? 304 : 200)
                        .header("ETag", etag)
                        .header("Last-Modified", FastHttpDateFormat.formatDate(seconds * 1000));
        return same ? answer : answer.body(cell.contentType(), cell.value());
    }

    static HttpAnswer written(WriteOutcome outcome) {
        HttpAnswer answer =
                switch (outcome) {
                    case WriteOutcome.Written written ->
                            new HttpAnswer(204).header("ETag", etag(written.version()));
                    case WriteOutcome.Rejected rejected ->
                            retryLater("the write was not attempted: " + rejected.why())
                                    .with("required", rejected.needed())
                                    .with("acknowledged", 0)
                                    .with("live", rejected.live())
                                    .with("outcome", "rejected")
                                    .with("replicas", replicas(rejected.replicas()))
                                    .answer();
                    case WriteOutcome.Indeterminate indeterminate ->
                            retryLater(
                                            "the write quorum was not reached; the write may still"
                                                    + " become visible, and repeating it does no"
                                                    + " harm")
                                    .with("required", indeterminate.needed())
                                    .with("acknowledged", indeterminate.acks())
                                    .with("outcome", "indeterminate")
                                    .with("replicas", replicas(indeterminate.replicas()))
                                    .answer();
                    case WriteOutcome.DiskFull full ->
                            new Problem(
                                            507,
                                            "too few replicas have room on their disks; the write"
                                                    + " may still become visible")
                                    .with("required", full.needed())
                                    .with("acknowledged", full.acks())
                                    .with("outcome", "indeterminate")
                                    .with("replicas", replicas(full.replicas()))
                                    .answer();
                };
        return consistency(answer, outcome.replicas(), outcome.strict());
    }

    static HttpAnswer explained(int status, Map<String, Object> body) {
        HttpAnswer answer = new HttpAnswer(status);
        if (status == 503) {
            answer.header("Retry-After", RETRY_AFTER_SECONDS);
        }
        return answer.body("application/json", Json.MAPPER.writeValueAsBytes(body));
    }

    static List<Map<String, Object>> replicas(List<ReplicaAnswer> answers) {
        return answers.stream().map(Answers::replica).toList();
    }

    static String etag(Version version) {
        return '"' + version.toString() + '"';
    }

    static Problem retryLater(String detail) {
        return new Problem(503, detail).header("Retry-After", RETRY_AFTER_SECONDS);
    }

    private static Map<String, Object> replica(ReplicaAnswer answer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("node", answer.node().value());
        if (answer.standsFor() != null) {
            json.put("standsFor", answer.standsFor().value());
        }
        json.put("answer", answer.answer().word());
        if (answer.version() != null) {
            json.put("version", answer.version().toString());
        }
        json.put("elapsedMicros", answer.elapsedMicros());
        if (!answer.detail().isEmpty()) {
            json.put("detail", answer.detail());
        }
        return json;
    }

    private static boolean matches(Enumeration<String> headers, String etag) {
        while (headers.hasMoreElements()) {
            for (String candidate : headers.nextElement().split(",", -1)) {
                String tag = candidate.strip();
                tag = tag.startsWith("W/") ? tag.substring(2) : tag;
                if (tag.equals(etag) || tag.equals("*")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static HttpAnswer consistency(
            HttpAnswer answer, List<ReplicaAnswer> replicas, boolean strict) {
        StringBuilder words = new StringBuilder(48);
        for (ReplicaAnswer replica : replicas) {
            words.append(words.isEmpty() ? "" : " ")
                    .append(replica.node().value())
                    .append('=')
                    .append(replica.answer().word());
        }
        return answer.header("Dynamo-Replicas", words.toString())
                .header("Dynamo-Consistency", strict ? "strict" : "sloppy");
    }
}

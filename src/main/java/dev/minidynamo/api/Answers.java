package dev.minidynamo.api;

import dev.minidynamo.coordinator.ReadOutcome;
import dev.minidynamo.coordinator.ReplicaAnswer;
import dev.minidynamo.coordinator.WriteOutcome;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Version;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.apache.coyote.Response;

import java.io.IOException;
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

    static void read(HttpServletRequest request, HttpServletResponse response, ReadOutcome outcome)
            throws IOException {
        consistency(response, outcome.replicas(), outcome.strict());
        switch (outcome) {
            case ReadOutcome.Value value -> value(request, response, value.cell());
            case ReadOutcome.NotFound _ ->
                    new Problem(404, "no value is stored under this key").send(response);
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
                            .send(response);
        }
    }

    private static void value(
            HttpServletRequest request, HttpServletResponse response, Cell.Live cell)
            throws IOException {
        String etag = etag(cell.version());
        response.addHeader("ETag", etag);
        long seconds = cell.version().wallMillis() / 1000;
        response.addDateHeader("Last-Modified", seconds * 1000); // whole: Tomcat keeps their texts
        if (matches(request.getHeaders("If-None-Match"), etag)) {
            response.setStatus(304);
            return;
        }
        contentType(request, response, cell.contentType());
        response.setContentLength(cell.value().length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(cell.value());
        }
    }

    static void written(HttpServletResponse response, WriteOutcome outcome) throws IOException {
        consistency(response, outcome.replicas(), outcome.strict());
        switch (outcome) {
            case WriteOutcome.Written written -> {
                response.addHeader("ETag", etag(written.version()));
                response.setStatus(204);
            }
            case WriteOutcome.Rejected rejected ->
                    retryLater("the write was not attempted: " + rejected.why())
                            .with("required", rejected.needed())
                            .with("acknowledged", 0)
                            .with("live", rejected.live())
                            .with("outcome", "rejected")
                            .with("replicas", replicas(rejected.replicas()))
                            .send(response);
            case WriteOutcome.Indeterminate indeterminate ->
                    retryLater(
                                    "the write quorum was not reached; the write may still become"
                                            + " visible, and repeating it does no harm")
                            .with("required", indeterminate.needed())
                            .with("acknowledged", indeterminate.acks())
                            .with("outcome", "indeterminate")
                            .with("replicas", replicas(indeterminate.replicas()))
                            .send(response);
            case WriteOutcome.DiskFull full ->
                    new Problem(
                                    507,
                                    "too few replicas have room on their disks; the write may still"
                                            + " become visible")
                            .with("required", full.needed())
                            .with("acknowledged", full.acks())
                            .with("outcome", "indeterminate")
                            .with("replicas", replicas(full.replicas()))
                            .send(response);
        }
    }

    static void explained(HttpServletResponse response, int status, Map<String, Object> body)
            throws IOException {
        response.setStatus(status);
        if (status == 503) {
            response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
        Json.send(response, "application/json", body);
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

    /**
     * Sends a stored type as it was put. Tomcat would take a type with parameters apart, write it
     * anew, and warn of a charset that it does not know.
     */
    private static void contentType(
            HttpServletRequest request, HttpServletResponse response, String type) {
        if (request.getAttribute(ProblemReportValve.RAW_RESPONSE) instanceof Response raw) {
            raw.setContentTypeNoCharset(type);
        } else {
            response.setContentType(type);
        }
    }

    private static void consistency(
            HttpServletResponse response, List<ReplicaAnswer> replicas, boolean strict) {
        StringBuilder words = new StringBuilder(48);
        for (ReplicaAnswer answer : replicas) {
            words.append(words.isEmpty() ? "" : " ")
                    .append(answer.node().value())
                    .append('=')
                    .append(answer.answer().word());
        }
        response.addHeader("Dynamo-Replicas", words.toString());
        response.addHeader("Dynamo-Consistency", strict ? "strict" : "sloppy");
    }
}

package dev.minidynamo.api;

import jakarta.servlet.http.HttpServletResponse;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A refusal or failure as RFC 9457 problem details; thrown to end a request.
 *
 * <p>It carries no stack trace: it is an answer, not a bug.
 */
final class Problem extends RuntimeException {

    static final String CONTENT_TYPE = "application/problem+json";

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, Object> extras = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    /**
     * @param detail a sentence for people: what was wrong, where, and what is accepted
     */
    Problem(int status, String detail) {
        super(detail, null, false, false);
        this.status = status;
    }

    static Problem badRequest(String detail) {
        return new Problem(400, detail);
    }

    int status() {
        return status;
    }

    /** Adds a member to the details. */
    Problem with(String name, Object value) {
        extras.put(name, value);
        return this;
    }

    Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Answers with these details, unless an answer has begun. */
    void send(HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.setStatus(status);
        headers.forEach(response::setHeader);
        Json.send(response, CONTENT_TYPE, details());
    }

    HttpAnswer answer() {
        HttpAnswer answer = new HttpAnswer(status);
        headers.forEach(answer::header);
        return answer.body(CONTENT_TYPE, Json.MAPPER.writeValueAsBytes(details()));
    }

    Map<String, Object> details() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put("title", title(status));
        body.put("status", status);
        body.put("detail", String.valueOf(getMessage()));
        body.putAll(extras);
        return body;
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 415 -> "Unsupported Media Type";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            case 507 -> "Insufficient Storage";
            default -> "HTTP " + status;
        };
    }
}

package dev.minidynamo.dashboard;

import dev.minidynamo.agent.BoundedHttp;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import javax.net.ssl.SSLContext;

/** The dashboard's way to the nodes: plain HTTP to the same paths that a person would use. */
public final class NodeHttp {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final BoundedHttp http;
    private final String scheme;
    private final @Nullable String secret;
    private final @Nullable String apiToken;

    /**
     * @param secret bearer token of {@code /debug} and {@code /admin}, or null
     * @param apiToken bearer token of {@code /kv}, or null
     * @param tls keys and authorities for TLS, or null for HTTP in the clear
     */
    public NodeHttp(@Nullable String secret, @Nullable String apiToken, @Nullable SSLContext tls) {
        this.http = new BoundedHttp(Duration.ofMillis(700), tls);
        this.scheme = tls == null ? "http" : "https";
        this.secret = secret;
        this.apiToken = apiToken;
    }

    /** {@code http} or {@code https}. */
    String scheme() {
        return scheme;
    }

    /** Whether {@code /kv} needs a token. */
    boolean hasApiToken() {
        return apiToken != null;
    }

    /** A request to one node. */
    public record Call(
            String method,
            String address,
            String pathAndQuery,
            byte @Nullable [] body,
            @Nullable String contentType,
            Duration timeout) {

        public static Call get(String address, String pathAndQuery, Duration timeout) {
            return new Call("GET", address, pathAndQuery, null, null, timeout);
        }

        public static Call json(
                String method, String address, String path, String json, Duration timeout) {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            return new Call(method, address, path, body, "application/json", timeout);
        }
    }

    /** What a node answered. */
    public record Answer(int status, byte[] body) {

        public boolean ok() {
            return status >= 200 && status < 300;
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The body as JSON; a missing node if it is none. */
        public JsonNode json() {
            try {
                JsonNode tree = body.length == 0 ? null : JSON.readTree(body);
                return tree == null ? JSON.missingNode() : tree;
            } catch (JacksonException e) {
                return JSON.missingNode();
            }
        }
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @throws IOException if no answer came within the time
     */
    public Answer send(Call call) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                        URI.create(scheme + "://" + call.address() + call.pathAndQuery()));
        byte[] body = call.body();
        request.method(
                call.method(),
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofByteArray(body));
        String type = call.contentType();
        if (type != null) {
            request.header("Content-Type", type);
        }
        String token = call.pathAndQuery().startsWith("/kv") ? apiToken : secret;
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<byte[]> answer =
                http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray(), call.timeout());
        return new Answer(answer.statusCode(), answer.body());
    }
}

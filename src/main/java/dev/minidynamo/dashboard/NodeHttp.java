package dev.minidynamo.dashboard;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import javax.net.ssl.SSLContext;

/**
 * The dashboard's way to the nodes: plain HTTP to the same paths that a person would use.
 *
 * <p>It follows no redirect and uses no proxy, so that a node's address is the only host ever
 * asked.
 */
public final class NodeHttp {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client;
    private final String scheme;
    private final @Nullable String secret;
    private final @Nullable String apiToken;

    /**
     * @param secret bearer token of {@code /debug} and {@code /admin}, or null
     * @param apiToken bearer token of {@code /kv}, or null
     * @param tls keys and authorities for TLS, or null for HTTP in the clear
     */
    public NodeHttp(@Nullable String secret, @Nullable String apiToken, @Nullable SSLContext tls) {
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(Duration.ofMillis(700));
        this.client = (tls == null ? builder : builder.sslContext(tls)).build();
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
                                URI.create(scheme + "://" + call.address() + call.pathAndQuery()))
                        .timeout(call.timeout());
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
        try {
            HttpResponse<byte[]> answer =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + call.address(), e);
        }
    }
}

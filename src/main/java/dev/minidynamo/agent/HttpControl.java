package dev.minidynamo.agent;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import javax.net.ssl.SSLContext;

/**
 * The HTTP client with which agents and dashboards talk to nodes and to each other. Its addresses
 * come from nodes.json alone.
 */
public final class HttpControl implements HealthProbe {

    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration HEALTH = Duration.ofMillis(1500);

    private final BoundedHttp http;
    private final String scheme;
    private final @Nullable String secret;

    /**
     * @param secret the bearer token that nodes and agents ask for, or null
     * @param tls keys and authorities for TLS, or null for HTTP in the clear
     */
    public HttpControl(@Nullable String secret, @Nullable SSLContext tls) {
        this.secret = secret;
        this.scheme = tls == null ? "http" : "https";
        this.http = new BoundedHttp(CONNECT, tls);
    }

    /** Where a path is served by the program at {@code host:port}. */
    URI uri(String address, String path) {
        return URI.create(scheme + "://" + address + path);
    }

    /** An answer: its status and its body as text. */
    public record Answer(int status, String body) {

        /** Whether the status is 2xx. */
        public boolean ok() {
            return status >= 200 && status < 300;
        }
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @param json the body, or null for none
     * @throws IOException if there is no answer within {@code timeout}
     */
    public Answer send(String method, URI uri, @Nullable String json, Duration timeout)
            throws IOException {
        HttpRequest.BodyPublisher body =
                json == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(json);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).method(method, body);
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        if (secret != null) {
            request.header("Authorization", "Bearer " + secret);
        }
        HttpResponse<String> answer =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString(), timeout);
        return new Answer(answer.statusCode(), answer.body());
    }

    @Override
    public boolean healthy(String address) {
        try {
            return send("GET", uri(address, "/health"), null, HEALTH).ok();
        } catch (IOException e) {
            return false;
        }
    }
}

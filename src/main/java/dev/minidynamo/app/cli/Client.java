package dev.minidynamo.app.cli;

import dev.minidynamo.agent.BoundedHttp;
import dev.minidynamo.app.Durations;
import dev.minidynamo.app.StartRefused;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks the first of several nodes that can be reached. */
final class Client {

    private static final Duration CONNECT = Duration.ofSeconds(3);

    private final BoundedHttp http = new BoundedHttp(CONNECT, null);
    private final List<String> urls;
    private final Duration timeout;
    private final @Nullable String token;

    Client(ClientOptions options) {
        this.urls = options.urls.stream().map(Client::base).toList();
        this.timeout = timeout(options.timeout);
        this.token = options.token;
    }

    /** A request. {@code body} and {@code contentType} are for PUT. */
    record Call(String method, String path, byte @Nullable [] body, @Nullable String contentType) {

        static Call of(String method, String path) {
            return new Call(method, path, null, null);
        }

        boolean forDashboard() {
            return path.startsWith("/control/");
        }
    }

    /** An answer, and the node that gave it. */
    record Answer(String url, HttpResponse<byte[]> http) {

        int status() {
            return http.statusCode();
        }

        boolean ok() {
            return status() >= 200 && status() < 300;
        }

        byte[] bytes() {
            return http.body();
        }

        String text() {
            return new String(http.body(), StandardCharsets.UTF_8);
        }

        @Nullable String header(String name) {
            return http.headers().firstValue(name).orElse(null);
        }
    }

    List<String> urls() {
        return urls;
    }

    /**
     * Sends the request to the first node that answers at all.
     *
     * @throws StartRefused with exit status 3 if none does
     */
    Answer send(Call call) {
        List<String> reasons = new ArrayList<>();
        for (String url : urls) {
            try {
                return sendTo(url, call);
            } catch (IOException e) {
                reasons.add(url + " (" + reason(e) + ")");
            }
        }
        String who = call.forDashboard() ? "the dashboard did not answer" : "no node answered";
        throw new StartRefused(Exit.UNREACHABLE, who + ": " + String.join(", ", reasons) + ".");
    }

    /** Sends the request to this node alone. */
    Answer sendTo(String url, Call call) throws IOException {
        byte[] body = call.body();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + call.path()))
                        .method(
                                call.method(),
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (call.forDashboard()) {
            request.header("Origin", url); // a dashboard takes orders from its own page only
        }
        if (call.contentType() != null) {
            request.header("Content-Type", call.contentType());
        }
        return new Answer(
                url, http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray(), timeout));
    }

    /** The path of a key, as a parameter, because a path cannot carry every key. */
    static String keyPath(String key, Map<String, @Nullable String> parameters) {
        Map<String, @Nullable String> all = new LinkedHashMap<>();
        all.put("key", key);
        all.putAll(parameters);
        StringBuilder path = new StringBuilder("/kv");
        char separator = '?';
        for (Map.Entry<String, @Nullable String> parameter : all.entrySet()) {
            String value = parameter.getValue();
            if (value != null) {
                path.append(separator)
                        .append(parameter.getKey())
                        .append('=')
                        .append(encoded(value));
                separator = '&';
            }
        }
        return path.toString();
    }

    /** The text, percent-encoded for a path segment or a parameter. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? "it cannot be reached" : message;
    }

    private static String base(String url) {
        String full = url.contains("://") ? url : "http://" + url;
        String trimmed = full.endsWith("/") ? full.substring(0, full.length() - 1) : full;
        try {
            URI uri = URI.create(trimmed);
            if (uri.getHost() != null && uri.getScheme().startsWith("http")) {
                return trimmed;
            }
        } catch (IllegalArgumentException e) {
            throw wrongUrl(url);
        }
        throw wrongUrl(url);
    }

    private static StartRefused wrongUrl(String url) {
        return new StartRefused(
                StartRefused.USAGE,
                "url is \"" + url + "\"; accepted is an address such as http://localhost:9001.");
    }

    private static Duration timeout(String text) {
        try {
            Duration duration = Durations.parse(text);
            if (!duration.isZero()) {
                return duration;
            }
        } catch (IllegalArgumentException e) {
            throw wrongTimeout(text);
        }
        throw wrongTimeout(text);
    }

    private static StartRefused wrongTimeout(String text) {
        return new StartRefused(
                StartRefused.USAGE,
                "timeout is \"" + text + "\"; accepted is " + Durations.ACCEPTED + ".");
    }
}

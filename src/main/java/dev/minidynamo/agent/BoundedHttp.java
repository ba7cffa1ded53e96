package dev.minidynamo.agent;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLContext;

/**
 * The JDK's HTTP client with a limit on the whole answer.
 *
 * <p>The client's own limit ends with the head of an answer (JDK-8208693), so that a server which
 * stops in the middle of a body would hold its caller for ever. It speaks HTTP/1.1, follows no
 * redirect and heeds no proxy setting.
 */
public final class BoundedHttp {

    private final HttpClient client;

    /**
     * @param tls keys and authorities for TLS, or null for the JDK's
     */
    public BoundedHttp(Duration connect, @Nullable SSLContext tls) {
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(connect);
        this.client = (tls == null ? builder : builder.sslContext(tls)).build();
    }

    /**
     * Sends a request and waits for the whole answer.
     *
     * @throws HttpTimeoutException if it has not come within {@code timeout}
     * @throws IOException if it cannot be had
     */
    public <T> HttpResponse<T> send(
            HttpRequest request, HttpResponse.BodyHandler<T> handler, Duration timeout)
            throws IOException {
        CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, handler);
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(Objects.requireNonNullElse(e.getCause(), e).getMessage(), e);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no whole answer within " + timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            answer.cancel(true);
        }
    }
}

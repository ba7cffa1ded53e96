package dev.minidynamo.app.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;

/** A map behind HTTP, which answers some requests with a status of the test's choice. */
public final class KeyValueStub implements AutoCloseable {

    private final Map<String, byte[]> values = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server;
    private volatile byte[] answer = {};
    private final IntUnaryOperator statusOfRequest;

    /**
     * @param statusOfRequest the status of the n-th request, or 0 to do what it asks
     */
    public KeyValueStub(IntUnaryOperator statusOfRequest) throws IOException {
        this.statusOfRequest = statusOfRequest;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::handle);
        server.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The body of the answers whose status is given. */
    public void answerWith(String body) {
        answer = body.getBytes(StandardCharsets.UTF_8);
    }

    public Map<String, byte[]> values() {
        return values;
    }

    public int requests() {
        return requests.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            int status = statusOfRequest.applyAsInt(requests.incrementAndGet());
            byte[] body = exchange.getRequestBody().readAllBytes();
            String key =
                    exchange.getRequestURI().getRawPath()
                            + "?"
                            + exchange.getRequestURI().getRawQuery();
            if (status != 0) {
                exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
                exchange.getResponseBody().write(answer);
                return;
            }
            switch (exchange.getRequestMethod()) {
                case "PUT" -> {
                    values.put(key, body);
                    exchange.sendResponseHeaders(204, -1);
                }
                case "DELETE" -> {
                    values.remove(key);
                    exchange.sendResponseHeaders(204, -1);
                }
                default -> get(exchange, values.get(key));
            }
        }
    }

    private static void get(HttpExchange exchange, byte[] value) throws IOException {
        if (value == null) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            exchange.sendResponseHeaders(200, value.length == 0 ? -1 : value.length);
            exchange.getResponseBody().write(value);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

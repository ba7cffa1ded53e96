package dev.minidynamo.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minidynamo.coordinator.Mode;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** What is more than a node takes on is turned away at once (P12), over a raw socket. */
class OverloadTest {

    private static final int OPERATIONS = 2;
    private static final int BODY_BYTES = 1_000;
    private static final int HEAD_MILLIS = 500;

    private TestNode node;

    @BeforeEach
    void start() {
        ApiOptions.Bounds bounds =
                new ApiOptions.Bounds(1 << 20, OPERATIONS, BODY_BYTES, HEAD_MILLIS);
        node = TestNode.alone(new ApiOptions(bounds, 2_000, Mode.SLOPPY, null, null));
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private RawHttp.Answer send(String method, String target, int bodyBytes) {
        try {
            return RawHttp.send(node.port(), method, target, "", new byte[bodyBytes]);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private CompletableFuture<Void> hold(String target) {
        return CompletableFuture.runAsync(() -> send("GET", target, 0), Thread::startVirtualThread);
    }

    @Test
    void whatIsOverTheBoundIsToldSoAndDidNothing() {
        node.replica.silent = true;
        var held = CompletableFuture.allOf(hold("/kv/a?timeout=3000"), hold("/kv/b?timeout=3000"));
        await().until(() -> send("GET", "/kv/c?timeout=1", 0).text().contains("takes on"));

        RawHttp.Answer refused = send("PUT", "/kv/c", 10);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(refused.text())
                .contains("\"outcome\":\"rejected\"")
                .contains("\"required\":1")
                .contains("\"acknowledged\":0");
        assertThat(send("GET", "/kv?prefix=", 0).status()).isEqualTo(503);

        held.join();
        node.replica.silent = false;
        assertThat(send("PUT", "/kv/c", 10).status()).isEqualTo(204);
    }

    /** A PUT whose body does not come, or null if the one before it was not yet over. */
    private @Nullable Socket slowPut() {
        try {
            Socket slow = new Socket("127.0.0.1", node.port());
            slow.getOutputStream()
                    .write(
                            "PUT /kv/slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            if (send("PUT", "/kv/c", 200).status() == 503) {
                return slow;
            }
            slow.close();
            return null;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSlowBodyTakesRoomForItsBytesOnly() throws IOException {
        try (Socket slow = await().until(this::slowPut, Objects::nonNull)) {
            assertThat(send("PUT", "/kv/c", 50).status()).isEqualTo(204);
            assertThat(send("GET", "/kv/c", 0).status()).isEqualTo(200);
            assertThat(slow.isConnected()).isTrue();
        }
        await().until(() -> send("PUT", "/kv/c", 200).status() == 204);
    }

    /** One that trickles is never silent for long, so the server's timeout does not end it. */
    @Test
    void aRequestWhoseHeadersTrickleIsEnded() throws Exception {
        try (Socket slow = new Socket("127.0.0.1", node.port())) {
            slow.setTcpNoDelay(true);
            slow.setSoTimeout(20);
            slow.getOutputStream()
                    .write("GET /kv/a HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            assertThat(endedAfterMillis(slow)).isBetween((long) HEAD_MILLIS / 2, 8_000L);
        }
    }

    /** Writes a byte every 20 ms until the server ends the connection. */
    private static long endedAfterMillis(Socket slow) {
        long from = System.nanoTime();
        boolean ended = false;
        while (!ended && System.nanoTime() - from < 10_000_000_000L) {
            ended = endsAfterOneMoreByte(slow);
        }
        return (System.nanoTime() - from) / 1_000_000;
    }

    private static boolean endsAfterOneMoreByte(Socket slow) {
        try {
            slow.getOutputStream().write('x');
            return slow.getInputStream().read() < 0;
        } catch (SocketTimeoutException silence) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}

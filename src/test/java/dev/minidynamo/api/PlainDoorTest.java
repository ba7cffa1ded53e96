package dev.minidynamo.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minidynamo.coordinator.Mode;
import dev.minidynamo.protocol.Reply;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Requests on the event loop and those that Tomcat gets, over kept connections. */
class PlainDoorTest {

    private static final int OPERATIONS = 4;

    private TestNode node;

    @BeforeEach
    void start() {
        ApiOptions.Bounds bounds = new ApiOptions.Bounds(1 << 20, OPERATIONS, 2 << 20, 20_000);
        node = TestNode.alone(new ApiOptions(bounds, 2_000, Mode.SLOPPY, null, null));
    }

    @AfterEach
    void stop() {
        node.close();
        assertThat(node.bugs).isEmpty();
    }

    private RawHttp.Kept connect() throws IOException {
        return new RawHttp.Kept(node.port());
    }

    /** Tomcat names its time for resting connections to those who ask to keep them. */
    private String request(String method, String uri, String headers, String body) {
        String length =
                body.isEmpty() && !method.equals("PUT") && !method.equals("POST")
                        ? ""
                        : "Content-Length: " + body.length() + "\r\n";
        return method
                + " "
                + uri
                + " HTTP/1.1\r\nHost: localhost:"
                + node.port()
                + "\r\nConnection: keep-alive\r\n"
                + headers
                + length
                + "\r\n"
                + body;
    }

    private static boolean isTomcats(RawHttp.Answer answer) {
        return !answer.header("Keep-Alive").isEmpty();
    }

    private static RawHttp.Answer send(RawHttp.Kept connection, String request) throws IOException {
        connection.send(request);
        return connection.answer();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /kv/absent, 404",
        "GET, /kv/there, 200",
        "GET, /kv/typed, 200",
        "GET, /kv/, 400",
        "GET, /kv/a%2, 400",
        "GET, /kv/.., 400",
        "GET, /kv/a/%2e/b, 400",
        "GET, /kv//there, 404",
        "GET, /kv/%74here, 200",
        "PUT, /kv/put, 204",
        "DELETE, /kv/there, 204",
        "POST, /kv/there, 405",
        "POST, /internal/batch, 400",
        "GET, /internal/batch, 405",
        "GET, /nowhere, 404",
    })
    void bothWaysAnswerAlike(String method, String uri, int status) throws IOException {
        String body = method.equals("PUT") || method.equals("POST") ? "v" : "";
        String own = "Origin: http://localhost:" + node.port() + "\r\n";
        List<RawHttp.Answer> answers = new ArrayList<>();
        for (String headers : List.of("", own)) {
            try (RawHttp.Kept connection = connect()) {
                send(connection, request("PUT", "/kv/there", "", "value"));
                String type = "Content-Type: text/plain;charset=utf-8\r\n";
                send(connection, request("PUT", "/kv/typed", type, "value"));
                answers.add(send(connection, request(method, uri, headers, body)));
            }
        }
        assertThat(answers).allMatch(answer -> answer.status() == status);
        assertThat(lasting(answers.getFirst())).isEqualTo(lasting(answers.getLast()));
        assertThat(answers.getFirst().text()).isEqualTo(answers.getLast().text());
    }

    /**
     * The headers without those that differ from one answer, or one way of keeping, to the next.
     */
    private static List<String> lasting(RawHttp.Answer answer) {
        return Arrays.stream(answer.head().split("\r\n"))
                .filter(line ->
                        !line.matches("(?i)(Date|ETag|Last-Modified|Connection|Keep-Alive):.*"))
                .sorted()
                .toList();
    }

    @Test
    void plainRequestsStayOnTheLoopUntilOneIsNotPlain() throws IOException {
        try (RawHttp.Kept connection = connect()) {
            for (int i = 0; i < 100; i++) {
                String key = "/kv/k" + i;
                RawHttp.Answer put = send(connection, request("PUT", key, "", "value " + i));
                assertThat(put.status()).isEqualTo(204);
                RawHttp.Answer got = send(connection, request("GET", key, "", ""));
                assertThat(got.text()).isEqualTo("value " + i);
                assertThat(isTomcats(put) || isTomcats(got)).isFalse();
            }
            RawHttp.Answer strict = send(connection, request("GET", "/kv/k1?mode=strict", "", ""));
            assertThat(strict.text()).isEqualTo("value 1");
            assertThat(isTomcats(strict)).isTrue();
            assertThat(isTomcats(send(connection, request("GET", "/kv/k2", "", "")))).isTrue();
        }
    }

    @Test
    void aBodyMayComeInPieces() throws IOException {
        String value = "0123456789".repeat(20_000);
        String whole = request("PUT", "/kv/long", "", value);
        try (RawHttp.Kept connection = connect()) {
            int head = whole.indexOf("\r\n\r\n") + 4;
            connection.send(whole.substring(0, head));
            await().until(() -> !connection.ended());
            for (int from = head; from < whole.length(); from += 50_000) {
                connection.send(whole.substring(from, Math.min(whole.length(), from + 50_000)));
            }
            RawHttp.Answer put = connection.answer();
            assertThat(put.status()).isEqualTo(204);
            assertThat(isTomcats(put)).isFalse();
            assertThat(send(connection, request("GET", "/kv/long", "", "")).text())
                    .isEqualTo(value);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 30, 60})
    void aHeadInPiecesIsTomcats(int first) throws IOException {
        String whole = request("PUT", "/kv/pieces", "", "value");
        try (RawHttp.Kept connection = connect()) {
            connection.send(whole.substring(0, first));
            assertThat(connection.ended()).isFalse();
            RawHttp.Answer put = send(connection, whole.substring(first));
            assertThat(put.status()).isEqualTo(204);
            assertThat(isTomcats(put)).isTrue();
            assertThat(send(connection, request("GET", "/kv/pieces", "", "")).text())
                    .isEqualTo("value");
        }
    }

    @Test
    void requestsThatDoNotWaitForAnswersAreAnsweredInTheirOrder() throws IOException {
        try (RawHttp.Kept connection = connect()) {
            connection.send(
                    request("PUT", "/kv/first", "", "1")
                            + request("PUT", "/kv/second", "", "x".repeat(10_000))
                            + request("GET", "/kv/first", "", "")
                            + request("GET", "/kv/second", "", ""));
            assertThat(connection.answer().status()).isEqualTo(204);
            assertThat(connection.answer().status()).isEqualTo(204);
            assertThat(connection.answer().text()).isEqualTo("1");
            assertThat(connection.answer().body()).hasSize(10_000);
        }
    }

    @Test
    void whatComesBeforeTheAnswerWaitsForIt() throws IOException {
        node.replica.silent = true;
        try (RawHttp.Kept connection = connect()) {
            connection.send(request("GET", "/kv/slow", "", ""));
            assertThat(connection.ended()).isFalse();
            connection.send(request("GET", "/kv/next?timeout=1", "", ""));
            assertThat(connection.answer().text()).contains("0 of 1 required");
            assertThat(connection.answer().status()).isEqualTo(503);
        }
    }

    @Test
    void whoReadsSlowlyGetsAllOfALongValue() throws IOException {
        String value = "0123456789abcdef".repeat(1 << 16);
        try (RawHttp.Kept connection = connect()) {
            send(connection, request("PUT", "/kv/long", "", value));
            int answers = 8;
            CompletableFuture<Void> asked =
                    CompletableFuture.runAsync(() -> askSeveralTimes(connection, answers));
            for (int i = 0; i < answers; i++) {
                assertThat(connection.answer().body()).hasSize(value.length());
            }
            asked.join();
        }
    }

    private void askSeveralTimes(RawHttp.Kept connection, int times) {
        try {
            for (int i = 0; i < times; i++) {
                connection.send(request("GET", "/kv/long", "", ""));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFailureIsToldLikeTomcatTellsIt() throws IOException {
        node.replica.always = new Reply.Refused(Reply.Reason.DISK_FULL, "no room");
        try (RawHttp.Kept connection = connect()) {
            RawHttp.Answer put = send(connection, request("PUT", "/kv/a", "", "v"));
            assertThat(put.status()).isEqualTo(507);
            assertThat(put.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(isTomcats(put)).isFalse();
        }
    }

    @Test
    void whatIsMoreThanTheNodeTakesOnIsTurnedAway() throws IOException {
        node.replica.silent = true;
        List<RawHttp.Kept> held = new ArrayList<>();
        try (RawHttp.Kept connection = connect()) {
            for (int i = 0; i < OPERATIONS; i++) {
                RawHttp.Kept one = connect();
                held.add(one);
                one.send(request("GET", "/kv/held", "", ""));
            }
            await().until(() -> {
                RawHttp.Answer answer = send(connection, request("PUT", "/kv/a", "", "v"));
                return answer.text().contains("takes on") && !isTomcats(answer);
            });
            for (RawHttp.Kept one : held) {
                assertThat(one.answer().status()).isEqualTo(503);
                one.close();
            }
            node.replica.silent = false;
            assertThat(send(connection, request("PUT", "/kv/a", "", "v")).status()).isEqualTo(204);
        }
    }

    @Test
    void aSilentConnectionIsClosed() throws IOException {
        try (RawHttp.Kept silent = connect();
                RawHttp.Kept resting = connect()) {
            send(resting, request("GET", "/kv/a", "", ""));
            node.advance(Duration.ofMillis(PlainDoor.SILENCE_MILLIS));
            await().until(silent::ended);
            assertThat(resting.ended()).isFalse();
            node.advance(Duration.ofMillis(PlainDoor.REST_MILLIS));
            await().until(resting::ended);
        }
    }

    @Test
    void aBodyThatTakesTooLongIsEnded() throws IOException {
        String whole = request("PUT", "/kv/slow", "", "0123456789");
        try (RawHttp.Kept slow = connect()) {
            slow.send(whole.substring(0, whole.length() - 5));
            for (int i = 5; i > 1; i--) {
                assertThat(slow.ended()).isFalse();
                node.advance(Duration.ofSeconds(19));
                slow.send(whole.substring(whole.length() - i, whole.length() - i + 1));
            }
            RawHttp.Answer answer = slow.answer();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.header("Connection")).isEqualTo("close");
            await().until(slow::ended);
        }
    }

    @Test
    void anEndWaitsForWhatIsUnderWay() throws Exception {
        node.replica.silent = true;
        try (RawHttp.Kept idle = connect();
                RawHttp.Kept busy = connect()) {
            send(idle, request("GET", "/kv/..", "", ""));
            busy.send(request("GET", "/kv/held", "", ""));
            assertThat(busy.ended()).isFalse();
            CompletableFuture<Void> ending = CompletableFuture.runAsync(node::endServing);
            await().until(idle::ended);
            assertThat(busy.answer().status()).isEqualTo(503);
            assertThat(busy.ended()).isTrue();
            ending.get();
        }
    }
}

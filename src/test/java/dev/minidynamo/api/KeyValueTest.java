package dev.minidynamo.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.coordinator.Mode;
import dev.minidynamo.model.Key;
import dev.minidynamo.protocol.Reply;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** {@code /kv} over a raw socket: what is sent is what is stored. */
class KeyValueTest {

    private static TestNode node;

    @BeforeAll
    static void start() {
        node =
                TestNode.alone(
                        new ApiOptions(
                                ApiOptions.Bounds.ofValues(1 << 20), 500, Mode.SLOPPY, null, null));
    }

    @AfterAll
    static void stop() {
        node.close();
        assertThat(node.bugs).isEmpty();
    }

    @AfterEach
    void reset() {
        node.replica.always = null;
        node.replica.silent = false;
        node.down.clear();
    }

    private static RawHttp.Answer send(String method, String target, String headers, byte[] body)
            throws IOException {
        return RawHttp.send(node.port(), method, target, headers, body);
    }

    private static RawHttp.Answer get(String target) throws IOException {
        return send("GET", target, "", new byte[0]);
    }

    private static RawHttp.Answer put(String target, String value) throws IOException {
        return send("PUT", target, "", value.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aValueIsReadBackAsItWasPut() throws IOException {
        assertThat(put("/kv/hello", "world").status()).isEqualTo(204);

        RawHttp.Answer answer = get("/kv/hello");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("world");
        assertThat(answer.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(answer.header("Dynamo-Replicas")).isEqualTo("n1=newest");
        assertThat(answer.header("Dynamo-Consistency")).isEqualTo("sloppy");
        assertThat(answer.header("Last-Modified")).endsWith("GMT");
        assertThat(get("/kv/hello?mode=strict").header("Dynamo-Consistency")).isEqualTo("strict");
    }

    @Test
    void aFormOfCurlIsStoredAsItsBytes() throws IOException {
        String type = "Content-Type: application/x-www-form-urlencoded\r\n";
        send("PUT", "/kv/form", type, "v=1&w=%41".getBytes(StandardCharsets.UTF_8));

        assertThat(get("/kv/form").text()).isEqualTo("v=1&w=%41");
        assertThat(get("/kv/form").header("Content-Type"))
                .isEqualTo("application/x-www-form-urlencoded");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/kv/a%2Fb|a/b",
                "/kv/a/b|a/b",
                "/kv/a//b|a//b",
                "/kv//a|/a",
                "/kv/a/|a/",
                "/kv/a;b|a;b",
                "/kv/a;b=c|a;b=c",
                "/kv/%C3%A9|é",
                "/kv/é|é",
                "/kv/a%5Cb|a\\b",
                "/kv/a+b|a+b",
                "/kv/%25|%",
                "/kv/...|...",
                "/kv/a..b|a..b",
                "/kv/.a|.a",
                "/kv/a%3Fb|a?b",
                "/kv/%20|' '",
                "/kv?key=a%2Fb%2F..%2Fc|a/b/../c",
                "/kv?key=..|..",
                "/kv?key=a+b|a+b",
                "/kv?key=a%20b|a b",
            })
    void aKeyIsTheBytesOfTheRawPath(String target, String key) throws IOException {
        assertThat(put(target, "v " + target).status()).isEqualTo(204);
        assertThat(get(target).text()).isEqualTo("v " + target);
        assertThat(node.replica.cells).containsKey(Key.utf8(key));
        assertThat(send("DELETE", target, "", new byte[0]).status()).isEqualTo(204);
        assertThat(get(target).status()).isEqualTo(404);
    }

    @Test
    void aKeyNeedNotBeText() throws IOException {
        assertThat(put("/kv?key=%00%FF%FE", "bytes").status()).isEqualTo(204);
        assertThat(node.replica.cells)
                .containsKey(Key.of(new byte[] {0, (byte) 0xff, (byte) 0xfe}));
        assertThat(put("/kv/%FF%FE", "bytes").status()).isEqualTo(204);
        assertThat(node.replica.cells).containsKey(Key.of(new byte[] {(byte) 0xff, (byte) 0xfe}));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/kv/..",
                "/kv/.",
                "/kv/a/../b",
                "/kv/a/./b",
                "/kv/%2e%2E/b",
                "/kv/..;x/b",
                "/kv/a/..",
                "/kv/.%2e/internal/batch"
            })
    void aDotSegmentIsRefusedAndPointsToTheParameter(String target) throws IOException {
        RawHttp.Answer answer = put(target, "v");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.text()).contains("/kv?key=");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|/kv/|400|the key is empty",
                "GET|/kv?key=|400|the key is empty",
                "PUT|/kv|400|no key is named",
                "GET|/kv/a?r=2|400|r is",
                "GET|/kv/a?r=x|400|whole number",
                "GET|/kv/a?mode=maybe|400|strict or sloppy",
                "GET|/kv/a?colour=red|400|unknown",
                "GET|/kv/a?r=1&r=1|400|twice",
                "GET|/kv/a?w=0|400|w is",
                "PUT|/kv/a?r=abc|400|r is",
                "GET|/kv/a?ttl=5|400|ttl",
                "DELETE|/kv/a?ttl=5|400|ttl",
                "GET|/kv/a?key=b|400|given twice",
                "GET|/kv?key=a&prefix=b|400|prefix",
                "GET|/kv?prefix=a&mode=strict|400|mode",
                "PUT|/kv/a?ttl=0|400|ttl",
                "GET|/kv?key=%zz|400|hexadecimal",
                "GET|/kv?prefix=a&cursor=***|400|cursor",
                "GET|/kv?limit=0|400|limit",
                "POST|/kv/a|405|not offered",
                "PATCH|/kv/a|405|not offered",
                "GET|/nothing|404|nothing is served",
                "GET|/kv/absent|404|no value",
            })
    void badInputGetsASentence(String method, String target, int status, String sentence)
            throws IOException {
        RawHttp.Answer answer = send(method, target, "", new byte[0]);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.text()).contains(sentence).contains("\"status\":" + status);
    }

    @Test
    void bothQuorumsMayStandOnEveryRequest() throws IOException {
        assertThat(put("/kv/both?r=1&w=1", "v").status()).isEqualTo(204);
        assertThat(get("/kv/both?r=1&w=1").text()).isEqualTo("v");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "text/plain; charset=UTF-8",
                "Text/HTML ;Charset=\"utf-8\"; level=1",
                "text/plain;charset=bogus-x",
                "no type at all"
            })
    @ExtendWith(OutputCaptureExtension.class)
    void aContentTypeComesBackVerbatim(String type, CapturedOutput output) throws IOException {
        send("PUT", "/kv/type", "Content-Type: " + type + "\r\n", new byte[1]);

        assertThat(get("/kv/type").header("Content-Type")).isEqualTo(type);
        assertThat(output.getAll()).doesNotContain("WARN", "bogus-x");
    }

    @Test
    void aKeyIsAtMost1024Bytes() throws IOException {
        assertThat(put("/kv/" + "k".repeat(1024), "v").status()).isEqualTo(204);
        assertThat(put("/kv/" + "%6b".repeat(1024), "v").status()).isEqualTo(204);
        assertThat(put("/kv/" + "k".repeat(1025), "v").status()).isEqualTo(414);
    }

    @Test
    void aValueIsAtMostOneMebibyte() throws IOException {
        byte[] value = new byte[1 << 20];
        new Random(7).nextBytes(value);
        assertThat(send("PUT", "/kv/large", "", value).status()).isEqualTo(204);
        assertThat(get("/kv/large").body()).isEqualTo(value);

        RawHttp.Answer answer = send("PUT", "/kv/large", "", new byte[(1 << 20) + 1]);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text()).contains("1048576");
    }

    @Test
    void aChunkedValueIsBoundedToo() throws IOException {
        assertThat(putChunked("/kv/chunked", 1 << 20).status()).isEqualTo(204);
        assertThat(putChunked("/kv/chunked", (1 << 20) + 1).status()).isEqualTo(413);
    }

    private static RawHttp.Answer putChunked(String target, int bytes) throws IOException {
        String message =
                "PUT "
                        + target
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(bytes)
                        + "\r\n"
                        + "x".repeat(bytes)
                        + "\r\n0\r\n\r\n";
        return RawHttp.exchange(node.port(), message.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void headTellsTheLengthWithoutTheValue() throws IOException {
        put("/kv/head", "12345");

        RawHttp.Answer answer = send("HEAD", "/kv/head", "", new byte[0]);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Length")).isEqualTo("5");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void aKnownVersionIsNotSentAgain() throws IOException {
        put("/kv/etag", "v");
        String etag = get("/kv/etag").header("ETag");

        RawHttp.Answer answer =
                send("GET", "/kv/etag", "If-None-Match: \"x\", " + etag + "\r\n", new byte[0]);

        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
        String twoLines = "If-None-Match: \"x\"\r\nIf-None-Match: " + etag + "\r\n";
        assertThat(send("GET", "/kv/etag", twoLines, new byte[0]).status()).isEqualTo(304);
        put("/kv/etag", "w");
        assertThat(send("GET", "/kv/etag", "If-None-Match: " + etag + "\r\n", new byte[0]).status())
                .isEqualTo(200);
    }

    @Test
    void aConditionalWriteIsRefusedInsteadOfIgnored() throws IOException {
        assertThat(send("PUT", "/kv/c", "If-Match: \"1\"\r\n", new byte[1]).status())
                .isEqualTo(400);
    }

    @Test
    void aRefusedWriteSaysThatItMayAppear_P2() throws IOException {
        node.replica.always = new Reply.Refused(Reply.Reason.OVERLOADED, "busy");

        RawHttp.Answer answer = put("/kv/refused", "v");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.text())
                .contains("\"outcome\":\"indeterminate\"")
                .contains("\"required\":1")
                .contains("\"acknowledged\":0")
                .contains("\"node\":\"n1\"");
    }

    @Test
    void aFullDiskAnswers507_P9() throws IOException {
        node.replica.always = new Reply.Refused(Reply.Reason.DISK_FULL, "full");

        assertThat(put("/kv/full", "v").status()).isEqualTo(507);
    }

    @Test
    void aSilentReplicaEndsInAnAnswerWithinTheTimeGiven() throws IOException {
        node.replica.silent = true;

        RawHttp.Answer answer = get("/kv/silent?timeout=50");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text())
                .contains("\"acknowledged\":0", "\"outcome\":\"rejected\"", "\"node\":\"n1\"");

        RawHttp.Answer list = get("/kv?prefix=a&timeout=50");
        assertThat(list.status()).isEqualTo(503);
        assertThat(list.text())
                .contains("\"required\":1", "\"outcome\":\"rejected\"", "\"replicas\":[]");
    }

    @Test
    void aRejectedWriteNamesTheReplicasThatItWasNotSentTo() throws IOException {
        node.down.add(node.self);

        RawHttp.Answer answer = put("/kv/rejected", "v");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Dynamo-Replicas")).isEqualTo("n1=down");
        assertThat(answer.text())
                .contains("\"outcome\":\"rejected\"")
                .contains("\"node\":\"n1\",\"answer\":\"down\"");
    }

    @Test
    void explainTellsPlaceAndAnswers() throws IOException {
        RawHttp.Answer written =
                send("PUT", "/kv/why?explain=true", "", "v".getBytes(StandardCharsets.UTF_8));
        assertThat(written.status()).isEqualTo(200);
        assertThat(written.text())
                .contains("\"primaries\":[\"n1\"]")
                .contains("\"partition\":")
                .contains("\"answer\":\"ack\"");

        RawHttp.Answer read = get("/kv/why?explain=true");
        assertThat(read.text())
                .contains("\"outcome\":\"found\"")
                .contains("\"valueBase64\":\"dg==\"");
        assertThat(get("/kv/whynot?explain=true").status()).isEqualTo(404);
    }

    @Test
    void keysAreListedPageByPage() throws IOException {
        for (String key : new String[] {"list/a", "list/b", "list/c"}) {
            put("/kv/" + key, "v");
        }
        String first = get("/kv?prefix=list%2F&limit=2").text();
        assertThat(first).contains("list/a").contains("list/b").doesNotContain("list/c");
        String cursor = first.replaceAll(".*\"cursor\":\"([^\"]*)\".*", "$1");

        String second = get("/kv?prefix=list%2F&limit=2&cursor=" + cursor).text();

        assertThat(second).contains("list/c").doesNotContain("list/b").contains("\"cursor\":null");
    }

    @Test
    void anExpiredValueIsGone() throws IOException {
        put("/kv/short?ttl=1", "v");
        assertThat(get("/kv/short").status()).isEqualTo(200);
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(get("/kv/short").status()).isEqualTo(404));
    }

    @Test
    void oneFilterStandsBeforeARequest() {
        assertThat(node.filters())
                .contains("entranceFilter")
                .doesNotContain("requestContextFilter");
        assertThat(node.filters()).hasSizeLessThanOrEqualTo(2); // the other is Tomcat's own
    }

    @Test
    void aBodyThatEndsEarlyIsNotStored() throws IOException {
        try (var socket = new java.net.Socket("127.0.0.1", node.port())) {
            socket.getOutputStream()
                    .write(
                            "PUT /kv/early HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc"
                                    .getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).isNotNull();
        }
        assertThat(get("/kv/early").status()).isEqualTo(404);
    }
}

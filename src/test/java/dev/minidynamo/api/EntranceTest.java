package dev.minidynamo.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.coordinator.Mode;
import dev.minidynamo.protocol.Reply;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Who is let in, over a raw socket. */
class EntranceTest {

    private static final String SECRET = "Authorization: Bearer s3cret\r\n";
    private static final String TOKEN = "Authorization: Bearer t0ken\r\n";

    private static TestNode guarded;
    private static TestNode halfOpen;
    private static TestNode open;

    @BeforeAll
    static void start() {
        guarded =
                TestNode.alone(
                        new ApiOptions(
                                ApiOptions.Bounds.ofValues(100),
                                500,
                                Mode.SLOPPY,
                                "s3cret",
                                "t0ken"));
        halfOpen =
                TestNode.alone(
                        new ApiOptions(
                                ApiOptions.Bounds.ofValues(100), 500, Mode.SLOPPY, "s3cret", null));
        open = TestNode.alone(ApiOptions.defaults());
    }

    @AfterAll
    static void stop() {
        guarded.close();
        halfOpen.close();
        open.close();
    }

    private static RawHttp.Answer send(
            TestNode node, String method, String target, String headers, String body)
            throws IOException {
        return RawHttp.send(
                node.port(), method, target, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/internal/batch",
        "POST,/internal/get",
        "GET,/internal/keys",
        "GET,/admin/links",
        "GET,/debug/explain/a",
        "GET,/actuator/metrics",
        "GET,/kv/a",
        "PUT,/kv/a",
        "GET,/kv?key=a"
    })
    void withoutItsTokenAnAddressIsClosed(String method, String target) throws IOException {
        RawHttp.Answer answer = send(guarded, method, target, "", "");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        String wrong = "Authorization: Bearer s3cre\r\n";
        assertThat(send(guarded, method, target, wrong, "").status()).isEqualTo(401);
    }

    @Test
    void eachTokenOpensItsOwnDoors() throws IOException {
        assertThat(send(guarded, "GET", "/internal/keys", SECRET, "").status()).isEqualTo(200);
        assertThat(send(guarded, "GET", "/internal/keys", TOKEN, "").status()).isEqualTo(401);
        assertThat(send(guarded, "PUT", "/kv/a", TOKEN, "v").status()).isEqualTo(204);
        assertThat(send(guarded, "GET", "/kv/a", TOKEN, "").text()).isEqualTo("v");
        assertThat(send(guarded, "GET", "/health", "", "").text()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/internal;x=1/keys",
                "//internal/keys",
                "/%69nternal/keys",
                "/x/../internal/keys",
                "/./internal/keys",
                "/;x/internal/keys",
                "/internal/./keys",
                "/internal/%2e/keys",
                "/kv/../internal/keys",
                "/kv/..;/internal/keys"
            })
    void noSpellingOfAPathGoesRoundTheGuard(String target) throws IOException {
        assertThat(send(guarded, "GET", target, TOKEN, "").status()).isEqualTo(400);
    }

    @Test
    void aPageOfAnotherOriginIsRefused() throws IOException {
        String foreign = "Origin: http://evil.example\r\n";
        assertThat(send(open, "POST", "/internal/keys", foreign, "").status()).isEqualTo(403);
        assertThat(send(open, "PUT", "/kv/a", foreign, "v").status()).isEqualTo(403);
        String own = "Origin: http://localhost:" + open.port() + "\r\n";
        assertThat(send(open, "PUT", "/kv/a", own, "v").status()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({
        "open,/internal/keys,403",
        "open,/health,403",
        "open,/kv/a,403",
        "halfOpen,/kv/a,403",
        "halfOpen,/kv,403",
        "halfOpen,/health,200",
        "guarded,/health,200"
    })
    void aNameThatAPageMadeForThisMachineIsRefusedWhereNoTokenIsAskedFor(
            String node, String path, int status) throws IOException {
        TestNode asked = node.equals("open") ? open : node.equals("guarded") ? guarded : halfOpen;
        assertThat(ofHost("rebound.example", asked, path, "").status()).isEqualTo(status);
    }

    @Test
    void whoShowsTheTokenMayUseAnyName() throws IOException {
        assertThat(ofHost("kv.example", guarded, "/kv/none", TOKEN).status()).isEqualTo(404);
    }

    private static RawHttp.Answer ofHost(String host, TestNode node, String path, String headers)
            throws IOException {
        String message =
                "GET "
                        + path
                        + " HTTP/1.1\r\nHost: "
                        + host
                        + "\r\n"
                        + headers
                        + "Connection: close\r\n\r\n";
        return RawHttp.exchange(node.port(), message.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void theOriginalsFormsShowOneReplica() throws IOException {
        String type = "Content-Type: application/json\r\n";
        assertThat(send(open, "POST", "/internal/get", type, "{\"key\":\"seed\"}").text())
                .isEqualTo("{\"found\":false}");
        String put = "{\"key\":\"seed\",\"value\":\"d29ybGQ=\",\"ts\":77,\"writer_id\":\"n1\"}";
        assertThat(send(open, "POST", "/internal/put", type, put).status()).isEqualTo(200);

        assertThat(send(open, "POST", "/internal/get", type, "{\"key\":\"seed\"}").text())
                .isEqualTo(
                        "{\"found\":true,\"record\":{\"key\":\"seed\",\"value\":\"d29ybGQ=\","
                                + "\"ts\":77,\"writer_id\":\"n1\",\"tombstone\":false}}");
        assertThat(send(open, "POST", "/internal/keys", "", "").text())
                .contains("\"key\":\"seed\"");
    }

    @Test
    void theOriginalsFormsAreJsonWhateverTheirType() throws IOException {
        String form = "Content-Type: application/x-www-form-urlencoded\r\n";
        String put = "{\"key\":\"curl\",\"value\":\"d29ybGQ=\"}";
        assertThat(send(open, "POST", "/internal/put", form, put).text())
                .isEqualTo("{\"applied\":true}");
        assertThat(send(open, "POST", "/internal/get", form, "{\"key\":\"curl\"}").text())
                .contains("\"value\":\"d29ybGQ=\"");
        assertThat(send(open, "POST", "/internal/keys", form, "{\"prefix\":\"cu\"}").text())
                .contains("\"key\":\"curl\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "null|JSON object",
                "{\"key\":\"a\",\"ts\":-5}|ts is -5",
                "{\"key\":\"a\",\"value\":\"*\"}|Base64",
            })
    void aWrongRecordIsRefused(String body, String sentence) throws IOException {
        RawHttp.Answer answer = send(open, "POST", "/internal/put", "", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains(sentence);
    }

    @Test
    void theValueOfARecordIsBounded() throws IOException {
        String value = Base64.getEncoder().encodeToString(new byte[101]);
        String body = "{\"key\":\"big\",\"value\":\"" + value + "\"}";
        assertThat(send(guarded, "POST", "/internal/put", SECRET, body).status()).isEqualTo(413);
        String padded = "{\"key\":\"big\"" + " ".repeat(20_000) + "}";
        for (String path : List.of("/internal/put", "/internal/get", "/internal/keys")) {
            assertThat(send(guarded, "POST", path, SECRET, padded).status()).isEqualTo(413);
        }
    }

    @Test
    void aRefusedRecordMayBeRepeatedLater() throws IOException {
        open.replica.always = new Reply.Refused(Reply.Reason.CLOCK_AHEAD, "600 ms");
        try {
            RawHttp.Answer answer = send(open, "POST", "/internal/put", "", "{\"key\":\"a\"}");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isEqualTo("1");
        } finally {
            open.replica.always = null;
        }
    }

    @Test
    void linkFaultsAreSetAndHealed() throws IOException {
        String type = "Content-Type: application/json\r\n";
        RawHttp.Answer refused =
                send(open, "POST", "/admin/links", type, "{\"peer\":\"n7\",\"drop\":true}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("n7");
        assertThat(send(open, "GET", "/admin/links", "", "").text()).isEqualTo("{\"links\":{}}");
        assertThat(send(open, "DELETE", "/admin/links", "", "").status()).isEqualTo(200);
    }

    @Test
    void aBodyThatIsNoJsonIsTheCallersMistake() throws IOException {
        String type = "Content-Type: application/json\r\n";
        RawHttp.Answer answer = send(open, "POST", "/internal/get", type, "nonsense");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void whatIsNoBatchIsRefused() throws IOException {
        RawHttp.Answer answer = send(open, "POST", "/internal/batch", "", "hello");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("malformed message");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /kv/a b HTTP/1.1", "GET /kv/%zz HTTP/1.1", "GET /kv/%00 HTTP/1.1"})
    void whatTomcatRefusesIsA400(String line) throws IOException {
        String message = line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        RawHttp.Answer answer =
                RawHttp.exchange(open.port(), message.getBytes(StandardCharsets.US_ASCII));
        assertThat(answer.status()).isEqualTo(400);
    }
}

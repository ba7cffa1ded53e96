package dev.minidynamo.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** What is in the plain form, and what is left to Tomcat. */
class PlainRequestTest {

    private static PlainRequest parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return PlainRequest.parse(bytes, bytes.length);
    }

    @Test
    void allThatMattersIsRead() {
        String head =
                "PUT /kv/a%20b HTTP/1.1\r\nhost: localhost:9001\r\nUser-Agent: x y\r\n"
                        + "Content-Type:  text/plain \r\nAuthorization: Bearer t\r\n"
                        + "Connection: Keep-Alive\r\nCONTENT-LENGTH: 5\r\n\r\n";
        assertThat(parse(head + "hello"))
                .isEqualTo(
                        new PlainRequest(
                                "PUT",
                                "/kv/a%20b",
                                "localhost:9001",
                                "text/plain",
                                "Bearer t",
                                false,
                                head.length(),
                                5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /kv/a HTTP/1.1\r\nHost: a\r\n\r\n",
                "DELETE /kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
                "POST /internal/batch HTTP/1.1\r\nHost: [::1]:9001\r\nContent-Length: 1\r\n\r\n",
                "GET /kv/a HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nHost: a\r\n"
                        + "HTTP2-Settings: AAE\r\nUpgrade: h2c\r\n\r\n",
            })
    void isPlain(String text) {
        assertThat(parse(text)).isNotNull();
    }

    @Test
    void theLastRequestOfAConnectionSaysSo() {
        String head = "GET /kv/a HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n";
        assertThat(parse(head)).returns(true, PlainRequest::last);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "G",
                "GET /kv/a HTTP/1.1\r\n",
                "GET /kv/a HTTP/1.1\r\nHost: a\r\n",
                "GET /kv/a HTTP/1.1\r\nHost: a\r\n\r",
                "GET /kv/a HTTP/1.1\nHost: a\n\n",
                "GET /kv/a HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
                "GET /kv/a HTTP/1.1\r\n\r\n",
                "GET /kv/a HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET /kv/a HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                "GET /kv/a HTTP/1.0\r\nHost: a\r\n\r\n",
                "GET /kv/a  HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET  /kv/a HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://a/kv/a HTTP/1.1\r\nHost: a\r\n\r\n",
                "get /kv/a HTTP/1.1\r\nHost: a\r\n\r\n",
                "HEAD /kv/a HTTP/1.1\r\nHost: a\r\n\r\n",
                "PATCH /kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
                "GET /kv/a?r=1 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /kv/a%2 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /kv/%zz HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /kv/%00 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /kv/a;b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /kv/\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /kv/a\u0000 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /kv/a HTTP/1.1\r\nHost: a\r\n X: folded\r\n\r\n",
                "GET /kv/a HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET /kv/a HTTP/1.1\r\nHost: a\r\nX: \u0001\r\n\r\n",
                "GET /kv/a HTTP/1.1\r\nHost: a\r\nX: \u00e9\r\n\r\n",
                "GET /kv/a HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
                "GET /kv/a HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\n\r\n",
                "GET /kv/a HTTP/1.1\r\nHost: a\r\nIf-None-Match: x\r\n\r\n",
                "GET /kv/a HTTP/1.1\r\nHost: a\r\nConnection: close, TE\r\n\r\n",
                "GET /kv/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                        + "Connection: keep-alive\r\n\r\n",
                "GET /kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n",
                "PUT /kv/a HTTP/1.1\r\nHost: a\r\n\r\n",
                "PUT /kv/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                "PUT /kv/a HTTP/1.1\r\n"
                        + "Host: a\r\n"
                        + "Content-Length: 1\r\n"
                        + "Expect: 100-continue\r\n\r\n",
                "PUT /kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
                "PUT /kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
                "PUT /kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
                "PUT /kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: 4294967297\r\n\r\n",
                "PUT /kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n",
                "PUT /kv/a HTTP/1.1\r\n"
                        + "Host: a\r\n"
                        + "Content-Length: 1\r\n"
                        + "Content-Encoding: gzip\r\n\r\n",
            })
    void isLeftToTomcat(String text) {
        assertThat(parse(text)).isNull();
    }

    @Test
    void noBytesMakeItFail() {
        String head = "PUT /kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nX: y\r\n\r\n";
        PlainRequestFuzzTest fuzz = new PlainRequestFuzzTest();
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(bytes.length + 1);
            fuzz.aHead(Arrays.copyOf(bytes, length));
        }
    }
}

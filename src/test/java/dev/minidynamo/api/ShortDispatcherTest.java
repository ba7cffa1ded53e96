package dev.minidynamo.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.coordinator.Mode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The first request of a kind goes Spring's way and the next the short one. */
class ShortDispatcherTest {

    private TestNode node;

    @BeforeEach
    void start() {
        node =
                TestNode.alone(
                        new ApiOptions(
                                ApiOptions.Bounds.ofValues(1 << 20), 500, Mode.SLOPPY, null, null));
    }

    @AfterEach
    void stop() {
        node.close();
        assertThat(node.bugs).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /kv/a, '', '', 404",
        "GET, /kv/a?r=9, '', '', 400",
        "GET, /kv/%zz, '', '', 400",
        "PUT, /kv/a, '', v, 204",
        "PUT, /kv/a?ttl=x, '', v, 400",
        "PUT, /kv/a, 'If-Match: x', v, 400",
        "DELETE, /kv/a, '', '', 204",
        "DELETE, /kv/a?w=9, '', '', 400",
        "POST, /internal/batch, '', no batch, 400",
        "PATCH, /kv/a, '', v, 405",
    })
    void bothWaysAnswerAlike(String method, String target, String header, String body, int status)
            throws IOException {
        RawHttp.Answer first = send(method, target, header, body);
        RawHttp.Answer second = send(method, target, header, body);

        assertThat(first.status()).isEqualTo(status);
        assertThat(second.status()).isEqualTo(status);
        assertThat(lasting(second.head())).isEqualTo(lasting(first.head()));
        assertThat(second.text()).isEqualTo(first.text());
    }

    private RawHttp.Answer send(String method, String target, String header, String body)
            throws IOException {
        String headers = header.isEmpty() ? "" : header + "\r\n";
        return RawHttp.send(
                node.port(), method, target, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /** The head without what differs from one answer to the next. */
    private static String lasting(String head) {
        return head.replaceAll("(?m)^(Date|ETag): .*$", "");
    }
}

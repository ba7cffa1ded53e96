package dev.minidynamo.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import java.nio.charset.StandardCharsets;

/**
 * P11: no bytes make the reader of plain requests throw, and what it takes for one begins with the
 * head that it says.
 *
 * <p>{@link PlainRequestTest} drives it by seeded mutation; Jazzer drives it with the profile
 * {@code fuzz}.
 */
class PlainRequestFuzzTest {

    @FuzzTest
    void aHead(byte[] bytes) {
        PlainRequest request = PlainRequest.parse(bytes, bytes.length);
        if (request != null) {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            assertThat(text).startsWith(request.method() + " " + request.uri() + " HTTP/1.1\r\n");
            assertThat(text.indexOf("\r\n\r\n") + 4).isEqualTo(request.headBytes());
            assertThat(request.bodyBytes()).isNotNegative();
        }
    }
}

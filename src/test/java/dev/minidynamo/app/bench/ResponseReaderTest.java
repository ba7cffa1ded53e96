package dev.minidynamo.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

class ResponseReaderTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 204 \\r\\nETag: \"x\"\\r\\n\\r\\n|204|0|false",
                "HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello|200|5|false",
                "HTTP/1.1 200 OK\\r\\ncontent-length:0\\r\\nConnection:"
                        + " close\\r\\n\\r\\n|200|0|true",
                "HTTP/1.1 200 OK\\r\\nTransfer-Encoding:"
                    + " chunked\\r\\n\\r\\n3\\r\\nabc\\r\\n0b\\r\\n01234567890\\r\\n0\\r\\n\\r\\n|200|14|false",
            })
    void aResponseIsCompleteWithItsLastByteAndNotBefore(
            String escaped, int status, int bodyBytes, boolean closes) {
        byte[] bytes =
                escaped.replace("\\r", "\r")
                        .replace("\\n", "\n")
                        .getBytes(StandardCharsets.US_ASCII);
        ResponseReader reader = new ResponseReader();
        for (int i = 0; i < bytes.length; i++) {
            reader.space()[reader.count()] = bytes[i];
            assertThat(reader.take(1)).as("after byte %d", i).isEqualTo(i == bytes.length - 1);
        }
        assertThat(reader.status()).isEqualTo(status);
        assertThat(reader.bodyBytes()).isEqualTo(bodyBytes);
        assertThat(reader.closes()).isEqualTo(closes);
    }
}

package dev.minidynamo.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

class ValueBodyTest {

    private static final long SECOND = 1_000_000_000L;

    /** A clock that goes on by this much whenever it is looked at. */
    private static LongSupplier clock(long step) {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10 * SECOND);
        return () -> now.getAndAdd(step);
    }

    private static MockHttpServletRequest request(int bytes) {
        MockHttpServletRequest request = new MockHttpServletRequest("PUT", "/kv/a");
        request.setContent(new byte[bytes]);
        return request;
    }

    @Test
    void aBodyThatTricklesInIsGivenUp() {
        assertThatThrownBy(() -> ValueBody.read(request(10), 10, clock(61 * SECOND)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(408))
                .hasMessage("the body did not arrive within 60 s; nothing was stored");
    }

    @Test
    void aBodyThatIsSlowButInTimeIsTaken() throws IOException {
        assertThat(ValueBody.read(request(10), 10, clock(59 * SECOND))).hasSize(10);
    }

    @Test
    void aBodyOfUnknownLengthGrowsToTheLimitAndNotBeyond() throws IOException {
        assertThat(ValueBody.read(chunked(100_000), 100_000, clock(1))).hasSize(100_000);
        assertThatThrownBy(() -> ValueBody.read(chunked(100_001), 100_000, clock(1)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(413));
    }

    private static MockHttpServletRequest chunked(int bytes) {
        MockHttpServletRequest request =
                new MockHttpServletRequest("PUT", "/kv/a") {
                    @Override
                    public long getContentLengthLong() {
                        return -1;
                    }
                };
        request.setContent(new byte[bytes]);
        return request;
    }
}

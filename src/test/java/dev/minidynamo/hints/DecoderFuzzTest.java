package dev.minidynamo.hints;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import java.io.IOException;

/**
 * P11: no bytes make the decoder of hint records throw anything but that they are malformed.
 *
 * <p>{@link HintCodecTest} drives it by seeded mutation; Jazzer drives it with the profile {@code
 * fuzz}.
 */
class DecoderFuzzTest {

    private final HintCodec codec = new HintCodec();

    @FuzzTest
    void aRecord(byte[] bytes) {
        try {
            byte[] again = codec.encode(codec.decode(bytes));
            assertThat(codec.encode(codec.decode(again))).isEqualTo(again);
        } catch (IOException malformed) {
            assertThat(malformed).hasMessageContaining(" ");
        }
    }
}

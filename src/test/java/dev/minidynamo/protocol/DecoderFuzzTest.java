package dev.minidynamo.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * P11: no bytes of a peer make a decoder throw anything but that they are malformed.
 *
 * <p>{@link BatchCodecTest} drives the same decoders by seeded mutation; Jazzer drives these with
 * the profile {@code fuzz}.
 */
class DecoderFuzzTest {

    private final BatchCodec codec = new BatchCodec();

    @FuzzTest
    void requests(byte[] bytes) {
        try {
            byte[] again = codec.encode(codec.decodeRequests(bytes, bytes.length));
            assertThat(codec.encode(codec.decodeRequests(again, again.length))).isEqualTo(again);
        } catch (MalformedMessageException malformed) {
            assertThat(malformed).hasMessageContaining(" ");
        }
    }

    @FuzzTest
    void answers(byte[] bytes) {
        try {
            BatchAnswer answer = codec.decodeAnswer(bytes, bytes.length);
            byte[] again = codec.encode(answer, Integer.MAX_VALUE);
            assertThat(codec.decodeAnswer(again, again.length)).isEqualTo(answer);
        } catch (MalformedMessageException malformed) {
            assertThat(malformed).hasMessageContaining(" ");
        }
    }
}

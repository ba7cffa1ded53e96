package dev.minidynamo.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "1500ms, PT1.5S",
        "1m30s, PT1M30S",
        "1.5h, PT1H30M",
        "PT1M30S, PT1M30S",
        "pt2s, PT2S",
        "250us, PT0.00025S",
        "1d, PT24H",
        "0, PT0S",
    })
    void bothGosAndTheIsoSpellingAreRead(String text, Duration expected) {
        assertThat(Durations.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5x", "-5s", "PT-5S", "s", "1m 30s", "99999999999999999999s"})
    void whatIsNoDurationIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1m30s", "1500ms", "2h5ms", "0"})
    void whatIsWrittenCanBeReadBack(String text) {
        Duration duration = Durations.parse(text);
        assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
    }
}

package dev.minidynamo.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class SpellingTest {

    @ParameterizedTest
    @CsvSource({
        "-id=n1, --id=n1",
        "--id=n1, --id=n1",
        "-data_dir=/a_b, --data-dir=/a_b",
        "--data_dir=x, --data-dir=x",
        "--data-dir, --data-dir",
        "-ae_interval, --ae-interval",
        "-h, -h",
        "-, -",
        "-5, -5",
        "n_1, n_1",
    })
    void everySpellingOfTheFirstProgramBecomesOne(String given, String expected) {
        assertThat(Spelling.normalise(given)).containsExactly(expected);
    }

    @Test
    void whatFollowsTwoDashesIsNotTouched() {
        List<String> out = List.of(Spelling.normalise("put", "--", "-data_dir", "v"));
        assertThat(out).containsExactly("put", "--", "-data_dir", "v");
    }
}

package dev.minidynamo.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n1",
                "A",
                "z",
                "Z9",
                "0",
                "_",
                "-a",
                "a.b",
                "a..",
                "abcdefghijklmnopqrstuvwxyz-_.012"
            })
    void lettersDigitsAndThreeSignsAreTaken(String id) {
        assertThat(new NodeId(id).value()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                ".a",
                " ",
                "a b",
                "a/b",
                "@",
                "[",
                "`",
                "{",
                "ä",
                "\u0161",
                "n\u0661",
                "a\n",
                "abcdefghijklmnopqrstuvwxyz-_.0123"
            })
    void anythingElseIsRefused(String id) {
        assertThatIllegalArgumentException().isThrownBy(() -> new NodeId(id));
    }
}

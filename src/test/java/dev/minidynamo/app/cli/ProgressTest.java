package dev.minidynamo.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

class ProgressTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Progress progress(boolean terminal) {
        return new Progress(new PrintStream(out, true, StandardCharsets.UTF_8), terminal);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aTerminalSeesOneLineThatIsOverwrittenAndGoesInTheEnd() {
        Progress progress = progress(true);
        progress.bar(0.5, "half");
        progress.bar(1, "all");
        progress.clear();
        assertThat(printed())
                .isEqualTo(
                        "\r\u001b[K[##########..........] half"
                                + "\r\u001b[K[####################] all"
                                + "\r\u001b[K");
    }

    @Test
    void workThatIsMoreThanDoneFillsTheBarAndNoMore() {
        progress(true).bar(1.7, "late");
        assertThat(printed()).endsWith("[####################] late");
    }

    @Test
    void aFileOrAPipeGetsNothing() {
        Progress progress = progress(false);
        progress.bar(0.5, "half");
        progress.text("running");
        progress.clear();
        assertThat(printed()).isEmpty();
    }
}

package dev.minidynamo.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.NodeId;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

class ScreenTest {

    @Test
    void theLinesOfNodesWithNamesOfAnyLengthStandBelowEachOther() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        NodeId shortName = new NodeId("a");
        NodeId longName = new NodeId("a-node_with.32-characters-in-it_");
        Screen screen =
                new Screen(
                        new PrintStream(printed, true, StandardCharsets.UTF_8),
                        List.of(shortName, longName));
        screen.line(shortName, "one");
        screen.line(longName, "two");
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("a" + " ".repeat(31) + " | one", longName.value() + " | two");
    }
}

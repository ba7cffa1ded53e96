package dev.minidynamo.app;

import dev.minidynamo.agent.AgentEvent;
import dev.minidynamo.model.NodeId;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;

/** What an agent prints: its own lines, and those of its nodes with the node's name before each. */
final class Screen {

    private static final String SEPARATOR = " | ";

    private final PrintStream out;
    private final int width;

    /**
     * @param nodes whose lines it prints
     */
    Screen(PrintStream out, List<NodeId> nodes) {
        this.out = out;
        this.width =
                Stream.concat(Stream.of("agent"), nodes.stream().map(NodeId::value))
                        .mapToInt(String::length)
                        .max()
                        .orElseThrow();
    }

    void line(NodeId node, String text) {
        print(node.value(), text);
    }

    void event(AgentEvent event) {
        print("agent", event.node() + " " + event.text());
    }

    void plain(String text) {
        synchronized (this) {
            out.println(text);
            out.flush();
        }
    }

    private void print(String name, String text) {
        plain(name + " ".repeat(width - name.length()) + SEPARATOR + text);
    }
}

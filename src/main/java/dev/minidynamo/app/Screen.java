package dev.minidynamo.app;

import dev.minidynamo.agent.AgentEvent;
import dev.minidynamo.model.NodeId;

import java.io.PrintStream;

/** What an agent prints: its own lines, and those of its nodes with the node's name before each. */
final class Screen {

    private static final String SEPARATOR = " | ";

    private final PrintStream out;
    private final int width;

    /**
     * @param width characters of the longest name
     */
    Screen(PrintStream out, int width) {
        this.out = out;
        this.width = Math.max(width, "agent".length());
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

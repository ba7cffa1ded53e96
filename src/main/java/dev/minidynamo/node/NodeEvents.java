package dev.minidynamo.node;

import dev.minidynamo.env.Clock;

import java.util.ArrayDeque;
import java.util.List;

/** The last events of a node, oldest first. */
public final class NodeEvents {

    private static final int KEPT = 200;

    private final Clock clock;
    private final ArrayDeque<NodeEvent> events = new ArrayDeque<>();
    private long sequence;

    NodeEvents(Clock clock) {
        this.clock = clock;
    }

    void add(String kind, String text) {
        if (events.size() == KEPT) {
            events.remove();
        }
        events.add(new NodeEvent(++sequence, clock.wallMillis(), kind, text));
    }

    List<NodeEvent> list() {
        return List.copyOf(events);
    }
}

package dev.minidynamo.dashboard;

import dev.minidynamo.agent.AgentEvent;

import tools.jackson.databind.JsonNode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What happened in the cluster: the agent's events and those of every node, in one list. */
public final class Timeline {

    /** Categories in the order of the filter. */
    public static final List<String> CATEGORIES =
            List.of("process", "links", "membership", "hints", "repair", "storage", "other");

    private static final int KEPT = 400;

    private final Deque<TimelineEvent> events = new ArrayDeque<>();
    private final Map<String, Long> lastSequence = new HashMap<>();
    private final List<Consumer<TimelineEvent>> listeners = new CopyOnWriteArrayList<>();

    /** Above those of a dashboard that was here before, whose pages may still be open. */
    private long nextId = System.currentTimeMillis();

    /** Tells {@code listener} of each new event; it must not block. */
    public void onEvent(Consumer<TimelineEvent> listener) {
        listeners.add(listener);
    }

    /** The last events, newest first. */
    public synchronized List<TimelineEvent> newestFirst() {
        List<TimelineEvent> sorted = new ArrayList<>(events);
        sorted.sort(
                Comparator.comparingLong(TimelineEvent::atMillis)
                        .thenComparingLong(TimelineEvent::id)
                        .reversed());
        return sorted;
    }

    /** Takes an event of the agent. */
    public void add(AgentEvent event) {
        String kind = event.state().word();
        add(event.atMillis(), event.node().value(), "process", kind, event.text());
    }

    /** Takes something that the dashboard itself did. */
    public void add(String node, String category, String kind, String text) {
        add(System.currentTimeMillis(), node, category, kind, text);
    }

    /** Takes what the nodes told since the last sight; only one thread may call it. */
    public void take(ClusterSight sight) {
        for (NodeSight node : sight.nodes()) {
            if (node.answering()) {
                take(node);
            }
        }
    }

    private void take(NodeSight node) {
        String run = node.id() + "@" + node.numbers().startedMillis();
        long seen = lastSequence.getOrDefault(run, 0L);
        for (JsonNode event : node.numbers().events()) {
            long sequence = event.path("seq").asLong(0);
            if (sequence > seen) {
                seen = sequence;
                String kind = event.path("kind").asString("event").toLowerCase(Locale.ROOT);
                add(
                        event.path("atMillis").asLong(0),
                        node.id(),
                        category(kind),
                        kind.replace('_', ' '),
                        event.path("text").asString(""));
            }
        }
        lastSequence.put(run, seen);
    }

    private static String category(String kind) {
        if (kind.startsWith("hint") || kind.contains("handoff")) {
            return "hints";
        }
        if (kind.startsWith("peer") || kind.contains("suspect")) {
            return "membership";
        }
        if (kind.startsWith("link")) {
            return "links";
        }
        if (kind.contains("repair") || kind.contains("pull") || kind.contains("synchron")) {
            return "repair";
        }
        boolean storage =
                kind.contains("snapshot") || kind.contains("compact") || kind.contains("recover");
        return storage ? "storage" : "other";
    }

    private void add(long atMillis, String node, String category, String kind, String text) {
        TimelineEvent event;
        synchronized (this) {
            event = new TimelineEvent(nextId++, atMillis, node, category, kind, text);
            events.addLast(event);
            if (events.size() > KEPT) {
                events.removeFirst();
            }
        }
        // Outside the lock: listeners have locks of their own, under which they ask for events.
        listeners.forEach(listener -> listener.accept(event));
    }
}

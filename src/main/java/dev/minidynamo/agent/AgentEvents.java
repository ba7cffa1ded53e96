package dev.minidynamo.agent;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The last events of a fleet, and those who want to hear of the next. */
public final class AgentEvents {

    private static final int KEPT = 500;

    private final Deque<AgentEvent> last = new ArrayDeque<>();
    private final List<Consumer<AgentEvent>> listeners = new CopyOnWriteArrayList<>();

    /** Adds an event and tells every listener, on the caller's thread. */
    public void publish(AgentEvent event) {
        synchronized (last) {
            last.addLast(event);
            if (last.size() > KEPT) {
                last.removeFirst();
            }
        }
        listeners.forEach(listener -> listener.accept(event));
    }

    /** From now on tells {@code listener} of each event; it must not block. */
    public void subscribe(Consumer<AgentEvent> listener) {
        listeners.add(listener);
    }

    /** The last events, oldest first. */
    public List<AgentEvent> recent() {
        synchronized (last) {
            return List.copyOf(last);
        }
    }
}

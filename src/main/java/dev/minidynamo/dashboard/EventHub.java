package dev.minidynamo.dashboard;

import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Keeps every open page up to date: the whole state first, then only what changed.
 *
 * <p>Each page has a bounded queue and a thread of its own, so that a slow one delays nobody. One
 * that falls behind gets the whole state instead of what waited for it. It is not disconnected, so
 * that a page says "reconnecting" only when it has really lost the dashboard.
 */
public final class EventHub {

    /** Pages that can be open at one time. */
    static final int MAX_PAGES = 100;

    /** Messages that may wait for one page. */
    static final int QUEUE = 256;

    private static final long PING_NANOS = Duration.ofSeconds(10).toNanos();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Message(String name, String data) {}

    private final ClusterWatch watch;
    private final Timeline timeline;
    private final Samples samples = new Samples();
    private final Map<String, String> pending = new TreeMap<>();
    private final Map<String, Long> parts = new TreeMap<>();
    private final List<Page> pages = new CopyOnWriteArrayList<>();
    private Map<String, String> values;

    /** Above those of a dashboard that was here before, whose pages may still be open. */
    private long lastVersion = System.currentTimeMillis();

    public EventHub(ClusterWatch watch, Timeline timeline) {
        this.watch = watch;
        this.timeline = timeline;
        this.values = LiveValues.of(watch.sight(), pending);
        watch.onSight(this::take);
        timeline.onEvent(event -> publish("timeline", event));
    }

    /** The values shown on the page, by name. */
    public synchronized Map<String, String> values() {
        return new TreeMap<>(values);
    }

    public Samples samples() {
        return samples;
    }

    /** Shows that something is being done to a node until {@link #done}. */
    public synchronized void doing(String node, String words) {
        pending.put(node, words);
        refresh(watch.sight(), null);
    }

    /** Ends {@link #doing}. */
    public synchronized void done(String node) {
        pending.remove(node);
        refresh(watch.sight(), null);
    }

    /** Tells every page to fetch a part of itself anew. */
    public synchronized void changed(String part) {
        parts.put(part, ++lastVersion);
        publish("changed", Map.of("part", part, "version", lastVersion));
    }

    private synchronized void take(ClusterSight sight) {
        timeline.take(sight);
        refresh(sight, samples.take(sight));
    }

    private void refresh(ClusterSight sight, Samples.@Nullable Sample sample) {
        Map<String, String> next = LiveValues.of(sight, pending);
        Map<String, String> changes = new TreeMap<>();
        next.forEach((name, text) -> {
            if (!text.equals(values.get(name))) {
                changes.put(name, text);
            }
        });
        values = next;
        Map<String, Object> delta = new LinkedHashMap<>();
        delta.put("values", changes);
        if (sample != null) {
            delta.put("sample", sample);
            delta.put("marks", samples.marks());
        }
        publish("delta", delta);
    }

    /** The whole state, as a page gets it when it connects. */
    public synchronized Map<String, Object> snapshot() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("values", values);
        all.put("samples", samples.all());
        all.put("marks", samples.marks());
        all.put("timeline", timeline.newestFirst());
        all.put("parts", new TreeMap<>(parts));
        return all;
    }

    private synchronized void publish(String name, Object body) {
        if (pages.isEmpty()) {
            return;
        }
        Message message = new Message(name, JSON.writeValueAsString(body));
        for (Page page : pages) {
            page.tell(message);
        }
    }

    /**
     * Connects a page.
     *
     * @throws IllegalStateException if too many are connected
     */
    public synchronized SseEmitter connect() {
        if (pages.size() >= MAX_PAGES) {
            throw new IllegalStateException(
                    MAX_PAGES + " pages are connected already; close one and try again.");
        }
        Page page = new Page();
        page.tell(whole());
        pages.add(page);
        Thread.ofVirtual().name("event-stream").start(page::run);
        return page.emitter;
    }

    private Message whole() {
        return new Message("snapshot", JSON.writeValueAsString(snapshot()));
    }

    /** Ends every stream at once, so that none of them delays the shutdown. */
    @EventListener(ContextClosedEvent.class)
    public void closing() {
        pages.forEach(Page::end);
    }

    /** One open page. */
    private final class Page {

        private final SseEmitter emitter = new SseEmitter(0L);
        private final BlockingQueue<Message> queue = new ArrayBlockingQueue<>(QUEUE);
        private volatile boolean open = true;

        Page() {
            emitter.onCompletion(this::forget);
            emitter.onError(error -> forget());
        }

        /** Only under the hub's lock, so that what follows the whole state is newer than it. */
        void tell(Message message) {
            if (!queue.offer(message)) {
                queue.clear();
                queue.add(whole());
            }
        }

        private void forget() {
            open = false;
            pages.remove(this);
        }

        void end() {
            forget();
            emitter.complete();
        }

        void run() {
            long pingAt = System.nanoTime() + PING_NANOS;
            try {
                while (open) {
                    long wait = pingAt - System.nanoTime();
                    Message next = wait <= 0 ? null : queue.poll(wait, TimeUnit.NANOSECONDS);
                    if (next == null) {
                        next = new Message("ping", "{}");
                        pingAt = System.nanoTime() + PING_NANOS;
                    }
                    send(next);
                }
            } catch (IOException | IllegalStateException e) {
                forget();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void send(Message message) throws IOException {
            emitter.send(SseEmitter.event().name(message.name()).data(message.data()));
        }
    }
}

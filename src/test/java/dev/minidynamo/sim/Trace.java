package dev.minidynamo.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** What happened, as a hash over all of it and, when asked for, as the last lines of text. */
final class Trace {

    private static final int KEPT_LINES = 4000;

    private final SimLoop loop;
    private final boolean verbose;
    private final Deque<String> lines = new ArrayDeque<>();
    private long hash = 0xcbf29ce484222325L;
    private long events;

    Trace(SimLoop loop, boolean verbose) {
        this.loop = loop;
        this.verbose = verbose;
    }

    /** Adds an event; {@code text} is asked only if lines are kept. */
    void add(long what, long detail, Supplier<String> text) {
        events++;
        mix(loop.nowNanos());
        mix(what);
        mix(detail);
        if (verbose) {
            if (lines.size() == KEPT_LINES) {
                lines.remove();
            }
            lines.add(String.format("%12.6f  %s", loop.nowNanos() / 1_000_000_000.0, text.get()));
        }
    }

    private void mix(long value) {
        hash = (hash ^ value) * 0x9e3779b97f4a7c15L;
        hash ^= hash >>> 29;
    }

    long hash() {
        return hash;
    }

    long events() {
        return events;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}

package dev.minidynamo.dashboard;

import dev.minidynamo.agent.AgentEvent;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The last five minutes of the cluster, a point a second, for the charts. */
public final class Samples {

    private static final long KEPT_MILLIS = 300_000;

    /**
     * One point.
     *
     * @param t wall time in milliseconds
     * @param ops operations per second, over all nodes
     * @param errors failed operations per second
     * @param p50 median latency in milliseconds, of the slowest node; null if nothing was served
     * @param p99 99th percentile, likewise
     * @param hints hints that wait, by the node they are for
     * @param divergence keys known to differ between replicas
     */
    public record Sample(
            long t,
            double ops,
            double errors,
            @Nullable Double p50,
            @Nullable Double p99,
            Map<String, Long> hints,
            long divergence) {}

    /** A moment at which a node went or came back. */
    public record Mark(long t, String node, String what) {}

    private record Counts(long t, long started, long operations, long errors) {}

    private record Rate(double operations, double errors) {}

    private final Map<String, Counts> lastCounts = new LinkedHashMap<>();
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final Deque<Mark> marks = new ArrayDeque<>();
    private final Map<String, Condition> lastMarks = new LinkedHashMap<>();

    /** Takes a point from a sight. */
    public synchronized Sample take(ClusterSight sight) {
        Sample sample = of(sight);
        samples.addLast(sample);
        while (sight.atMillis() - samples.getFirst().t() > KEPT_MILLIS) {
            samples.removeFirst();
        }
        while (!marks.isEmpty() && sight.atMillis() - marks.getFirst().t() > KEPT_MILLIS) {
            marks.removeFirst();
        }
        return sample;
    }

    private Sample of(ClusterSight sight) {
        double ops = 0;
        double errors = 0;
        long p50 = NodeNumbers.UNKNOWN;
        long p99 = NodeNumbers.UNKNOWN;
        long divergence = 0;
        Map<String, Long> hints = new LinkedHashMap<>();
        sight.nodes().forEach(node -> hints.put(node.id(), 0L));
        for (NodeSight node : sight.nodes()) {
            NodeNumbers numbers = node.numbers();
            numbers.hintsByTarget()
                    .forEach((target, count) -> hints.merge(target, count, Long::sum));
            divergence += Math.max(0, numbers.divergence());
            if (node.answering()) {
                Rate rate = rate(node, sight.atMillis());
                ops += rate.operations();
                errors += rate.errors();
                p50 = Math.max(p50, numbers.p50Micros());
                p99 = Math.max(p99, numbers.p99Micros());
            }
        }
        boolean idle = ops == 0 || p99 < 0;
        return new Sample(
                sight.atMillis(),
                ops,
                errors,
                idle ? null : (Double) (p50 / 1000.0),
                idle ? null : (Double) (p99 / 1000.0),
                hints,
                divergence);
    }

    /** What a node did per second since it was last seen; nothing if it was started since. */
    private Rate rate(NodeSight node, long now) {
        NodeNumbers numbers = node.numbers();
        Counts counts =
                new Counts(now, numbers.startedMillis(), numbers.operations(), numbers.errors());
        Counts before = lastCounts.put(node.id(), counts);
        if (before == null || before.started() != counts.started() || before.t() >= now) {
            return new Rate(0, 0);
        }
        double seconds = (now - before.t()) / 1000.0;
        return new Rate(
                (counts.operations() - before.operations()) / seconds,
                (counts.errors() - before.errors()) / seconds);
    }

    /** Takes what happened to a process, so that no end between two points is missed. */
    public synchronized void take(AgentEvent event) {
        String node = event.node().value();
        Condition now =
                switch (event.state()) {
                    case KILLED, CRASHED, STOPPED -> Condition.DOWN;
                    case PAUSED -> Condition.PAUSED;
                    case UP -> Condition.UP;
                    case STARTING, UNKNOWN -> null;
                };
        if (now != null && now != lastMarks.getOrDefault(node, Condition.UP)) {
            lastMarks.put(node, now);
            marks.addLast(new Mark(event.atMillis(), node, now.word()));
        }
    }

    /** All points, oldest first. */
    public synchronized List<Sample> all() {
        return new ArrayList<>(samples);
    }

    /** All marks, oldest first. */
    public synchronized List<Mark> marks() {
        return new ArrayList<>(marks);
    }

    /** One point in fifteen, newest first, for reading as a table. */
    public synchronized List<Sample> table() {
        List<Sample> rows = new ArrayList<>();
        int index = 0;
        for (Sample sample : samples.reversed()) {
            if (index++ % 15 == 0) {
                rows.add(sample);
            }
        }
        return rows;
    }
}

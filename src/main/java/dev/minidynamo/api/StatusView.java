package dev.minidynamo.api;

import dev.minidynamo.coordinator.CoordinatorStatus;
import dev.minidynamo.coordinator.Latency;
import dev.minidynamo.node.NodeEvent;
import dev.minidynamo.node.NodeStatus;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /debug/status}: everything about a node in one answer, for the dashboard. */
final class StatusView {

    private static final long WINDOW_MILLIS = 1_000;

    private record Sample(long atMillis, long reads, long writes, long errors) {}

    private Sample before = new Sample(0, 0, 0, 0);
    private Sample last = new Sample(0, 0, 0, 0);

    Map<String, Object> of(NodeStatus status, String version) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("node", status.node());
        json.put("cluster", status.cluster());
        json.put("version", version);
        json.put("startedMillis", status.startedMillis());
        json.put("synchronised", status.synchronised());
        json.put("ringFingerprint", status.ringFingerprint());
        json.put("clock", status.clock());
        json.put("store", status.store());
        json.put("hints", status.hints());
        json.put("antiEntropy", status.antiEntropy());
        json.put("coordinator", status.coordinator());
        json.put("peers", status.membership());
        json.put("operations", operations(status));
        json.put("events", status.events().stream().map(StatusView::event).toList());
        return json;
    }

    /** Rates per second since the question before, or the one before that if it was just asked. */
    private synchronized Map<String, Object> operations(NodeStatus status) {
        CoordinatorStatus counts = status.coordinator();
        Sample now =
                new Sample(
                        status.clock().wallMillis(),
                        counts.reads(),
                        counts.written(),
                        counts.rejected() + counts.indeterminate() + counts.readsUnavailable());
        if (now.atMillis - last.atMillis >= WINDOW_MILLIS) {
            before = last.atMillis == 0 ? now : last;
            last = now;
        }
        double seconds = Math.max(1, now.atMillis - before.atMillis) / 1000.0;
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("reads", (now.reads - before.reads) / seconds);
        json.put("writes", (now.writes - before.writes) / seconds);
        json.put("errors", (now.errors - before.errors) / seconds);
        json.put("readMicros", micros(counts.readLatency()));
        json.put("writeMicros", micros(counts.writeLatency()));
        return json;
    }

    private static Map<String, Object> micros(Latency latency) {
        return Map.of("p50", latency.p50Micros(), "p99", latency.p99Micros());
    }

    private static Map<String, Object> event(NodeEvent event) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("seq", event.sequence());
        json.put("atMillis", event.atMillis());
        json.put("kind", event.kind());
        json.put("text", event.text());
        return json;
    }
}

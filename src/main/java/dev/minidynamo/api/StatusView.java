package dev.minidynamo.api;

import dev.minidynamo.node.NodeEvent;
import dev.minidynamo.node.NodeStatus;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /debug/status}: everything about a node in one answer, for the dashboard. */
final class StatusView {

    private StatusView() {}

    static Map<String, Object> of(NodeStatus status, String version) {
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
        json.put("events", status.events().stream().map(StatusView::event).toList());
        return json;
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

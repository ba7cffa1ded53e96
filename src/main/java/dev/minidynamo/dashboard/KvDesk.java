package dev.minidynamo.dashboard;

import dev.minidynamo.model.ClusterConfig;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Carries a person's requests for keys to the nodes, and their answers back. */
@Component
public class KvDesk {

    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration LOOK = Duration.ofSeconds(3);
    private static final int PAGE = 25;

    private final ClusterConfig config;
    private final ClusterWatch watch;
    private final NodeHttp http;

    KvDesk(ClusterConfig config, ClusterWatch watch, NodeHttp http) {
        this.config = config;
        this.watch = watch;
        this.http = http;
    }

    /** Carries out a request through the chosen node and tells how it went. */
    KvResult run(KvForm form) {
        String mistake = form.mistake(config);
        if (mistake != null) {
            return KvResult.refused(mistake, "");
        }
        String curl = form.curl(config, http.scheme(), http.hasApiToken());
        try {
            NodeHttp.Answer answer = http.send(call(form));
            return told(form, answer, curl);
        } catch (IllegalArgumentException e) {
            return KvResult.refused(String.valueOf(e.getMessage()), "");
        } catch (IOException e) {
            return KvResult.refused(form.node() + " did not answer.", curl);
        }
    }

    private NodeHttp.Call call(KvForm form) {
        ValueFormat format = ValueFormat.of(form.format());
        boolean put = form.operation().equals("put");
        return new NodeHttp.Call(
                form.method(),
                form.address(config),
                form.path() + "&explain=true",
                put ? format.parse(form.value()) : null,
                put ? format.contentType() : null,
                PATIENCE);
    }

    private KvResult told(KvForm form, NodeHttp.Answer answer, String curl) {
        JsonNode json = answer.json();
        if (!json.isObject()) {
            return KvResult.refused(
                    form.node() + " answered with status " + answer.status() + ".", curl);
        }
        Explained explained = new Explained(json, config);
        boolean read = form.operation().equals("get");
        List<TraceStep> trace = explained.trace(form);
        return new KvResult(
                answer.ok(),
                explained.headline(read) + ".",
                explained.facts(),
                explained.hasValue() ? ValueFormat.of(form.format()).show(explained.value()) : "",
                explained.hasValue(),
                explained.unshown(),
                explained.rows(),
                curl,
                trace,
                Explained.json(trace));
    }

    /** Where a key lives and what each node holds of it now. */
    KeyLookup lookup(TypedKey key) {
        NodeSight node = watch.sight().anyToAsk();
        if (node == null) {
            return KeyLookup.failed(key, "No node answers now, so nobody can say.");
        }
        String path = "/debug/explain?key=" + key.encoded();
        try {
            NodeHttp.Answer answer =
                    http.send(NodeHttp.Call.get(node.view().address(), path, LOOK));
            return answer.ok()
                    ? KeyLookup.of(key, answer.json(), config)
                    : KeyLookup.failed(key, reason(node.id(), answer));
        } catch (IOException e) {
            return KeyLookup.failed(key, node.id() + " did not answer in time.");
        }
    }

    /** A page of keys. */
    KeyPage browse(String prefix, String cursor) {
        NodeSight node = watch.sight().anyToAsk();
        if (node == null) {
            return KeyPage.failed(prefix, "No node answers now.");
        }
        String path =
                "/kv?limit="
                        + PAGE
                        + "&prefix="
                        + TypedKey.encode(prefix)
                        + (cursor.isEmpty() ? "" : "&cursor=" + TypedKey.encode(cursor));
        try {
            NodeHttp.Answer answer =
                    http.send(NodeHttp.Call.get(node.view().address(), path, LOOK));
            return answer.ok()
                    ? KeyPage.of(prefix, answer.json())
                    : KeyPage.failed(prefix, reason(node.id(), answer));
        } catch (IOException e) {
            return KeyPage.failed(prefix, node.id() + " did not answer in time.");
        }
    }

    /** Stores sample keys through the nodes that are well; returns how many were stored. */
    int loadSamples(int count) {
        List<NodeSight> nodes = watch.sight().toAsk();
        List<KvForm> forms = new ArrayList<>();
        for (int i = 0; i < count && !nodes.isEmpty(); i++) {
            String node = nodes.get(i % nodes.size()).id();
            String key = "sample:%03d".formatted(i);
            String value = "{\"name\":\"sample %d\",\"square\":%d}".formatted(i, (long) i * i);
            forms.add(
                    new KvForm(
                            "put",
                            node,
                            TypedKey.of(key, ""),
                            value,
                            "json",
                            config.r(),
                            config.w(),
                            "sloppy"));
        }
        return (int) forms.parallelStream().filter(form -> run(form).good()).count();
    }

    private static String reason(String node, NodeHttp.Answer answer) {
        @Nullable String detail = answer.json().path("detail").asString("");
        return detail.isEmpty()
                ? node + " answered with status " + answer.status() + "."
                : node + " says: " + detail;
    }
}

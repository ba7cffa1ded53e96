package dev.minidynamo.api;

import dev.minidynamo.env.Scheduler;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.node.Node;
import dev.minidynamo.node.NodeStatus;
import dev.minidynamo.protocol.LinkFaults;
import dev.minidynamo.protocol.Reply;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code /debug}: a look inside one node. */
@RestController
@RequestMapping("/debug")
class DebugController {

    private static final String JSON = "application/json";
    private static final String EXPLAIN = "/debug/explain/";
    private static final long INSPECT_MILLIS = 2_000;

    private final Scheduler loop;
    private final Node node;
    private final NodeView view;
    private final ExplainView explain;
    private final LinkFaults faults;

    DebugController(Scheduler loop, Node node, NodeView view, LinkFaults faults) {
        this.loop = loop;
        this.node = node;
        this.view = view;
        this.faults = faults;
        this.explain = new ExplainView(view.ring());
    }

    @GetMapping("/status")
    void status(HttpServletResponse response) throws IOException {
        String version = DebugController.class.getPackage().getImplementationVersion();
        Map<String, Object> json =
                StatusView.of(status(), version == null ? "development" : version);
        json.put("links", LinkFaultController.inForce(faults));
        Json.send(response, JSON, json);
    }

    @GetMapping("/hints")
    void hints(HttpServletResponse response) throws IOException {
        Json.send(response, JSON, SeedViews.hints(onLoop(() -> node.hints().status())));
    }

    @GetMapping("/ae")
    void antiEntropy(HttpServletResponse response) throws IOException {
        Json.send(response, JSON, SeedViews.antiEntropy(onLoop(() -> node.antiEntropy().status())));
    }

    @GetMapping("/persist")
    void persistence(HttpServletResponse response) throws IOException {
        Json.send(
                response,
                JSON,
                SeedViews.persistence(onLoop(() -> node.store().status()), node.options()));
    }

    @GetMapping("/tombstones")
    void tombstones(HttpServletResponse response) throws IOException {
        Json.send(response, JSON, onLoop(() -> node.reaper().status()));
    }

    @GetMapping("/ring")
    void ring(HttpServletResponse response) throws IOException {
        Json.send(response, JSON, SeedViews.ring(view.ring(), view.config(), status()));
    }

    @GetMapping("/explain/**")
    void explain(HttpServletRequest request, HttpServletResponse response) throws IOException {
        explain(RawKey.fromPath(request.getRequestURI(), EXPLAIN), response);
    }

    @GetMapping("/explain")
    void explainParameter(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        byte @Nullable [] key = Query.parse(request.getQueryString(), List.of("key")).bytes("key");
        if (key == null) {
            throw Problem.badRequest(
                    "no key is named; accepted are /debug/explain/{key} and /debug/explain?key=");
        }
        explain(RawKey.of(key), response);
    }

    private void explain(Key key, HttpServletResponse response) throws IOException {
        Waiter<Map<NodeId, Reply>> answers = new Waiter<>();
        loop.execute(() -> node.coordinator().inspect(key, INSPECT_MILLIS, answers));
        Map<String, Object> json = explain.place(key);
        json.put("replicas", InspectView.of(answers.await()));
        Json.send(response, JSON, json);
    }

    private NodeStatus status() {
        return onLoop(node::status);
    }

    private <T> T onLoop(Supplier<T> question) {
        Waiter<T> waiter = new Waiter<>();
        loop.execute(() -> waiter.accept(question.get()));
        return waiter.await();
    }
}

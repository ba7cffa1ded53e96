package dev.minidynamo.dashboard.scenario;

import dev.minidynamo.agent.Fleet;
import dev.minidynamo.agent.NodeState;
import dev.minidynamo.agent.NodeView;
import dev.minidynamo.dashboard.NodeHttp;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What a scenario tells all nodes, such as to go on delivering hints. A node that does not take it
 * is told again for a while, and keeps no other from being told.
 */
final class Orders {

    private static final Duration ASK = Duration.ofSeconds(2);
    private static final Duration INSIST = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 100;

    private final Fleet fleet;
    private final NodeHttp http;

    Orders(Fleet fleet, NodeHttp http) {
        this.fleet = fleet;
        this.http = http;
    }

    /**
     * Tells something to every node that runs.
     *
     * @param json what to tell a node, by its id
     * @throws ScenarioFailed with a sentence for each node that did not take it
     */
    void give(String method, String path, UnaryOperator<String> json)
            throws ScenarioFailed, InterruptedException {
        List<String> failures = new ArrayList<>();
        for (NodeView view : fleet.views()) {
            if (view.state() == NodeState.UP) {
                String order = json.apply(view.id().value());
                NodeHttp.Call call = NodeHttp.Call.json(method, view.address(), path, order, ASK);
                failures.addAll(insist(() -> tell(view, call)));
            }
        }
        if (!failures.isEmpty()) {
            throw new ScenarioFailed(String.join(" ", failures));
        }
    }

    private List<String> tell(NodeView view, NodeHttp.Call call) {
        try {
            NodeHttp.Answer answer = http.send(call);
            return answer.ok()
                    ? List.of()
                    : List.of(view.id() + " refused " + call.pathAndQuery() + ": " + answer.text());
        } catch (IOException e) {
            return List.of(view.id() + " did not answer to " + call.pathAndQuery() + ".");
        }
    }

    /** Tries until nothing fails or the time is over; gives what failed at last. */
    static List<String> insist(Supplier<List<String>> attempt) throws InterruptedException {
        long deadline = System.nanoTime() + INSIST.toNanos();
        List<String> failures = attempt.get();
        while (!failures.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(PAUSE_MILLIS);
            failures = attempt.get();
        }
        return failures;
    }
}

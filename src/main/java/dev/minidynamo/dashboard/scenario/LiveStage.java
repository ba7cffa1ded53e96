package dev.minidynamo.dashboard.scenario;

import dev.minidynamo.agent.ControlException;
import dev.minidynamo.agent.Fleet;
import dev.minidynamo.agent.NodeState;
import dev.minidynamo.agent.NodeView;
import dev.minidynamo.dashboard.NodeHttp;
import dev.minidynamo.dashboard.NodeNumbers;
import dev.minidynamo.dashboard.TypedKey;
import dev.minidynamo.dashboard.Words;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The stage that is a running cluster: processes through the fleet, everything else over HTTP. */
final class LiveStage implements HealingStage {

    private static final Duration ASK = Duration.ofSeconds(2);
    private static final Duration OPERATION = Duration.ofSeconds(10);
    private static final Duration HEAL = Duration.ofSeconds(60);

    /** Keys of a scenario vanish by themselves. */
    private static final String KEEP = "&ttl=3600";

    private static final long LOOK_EVERY_MILLIS = 100;

    private final ClusterConfig config;
    private final Fleet fleet;
    private final NodeHttp http;
    private final Orders orders;
    private final ScenarioReport report;
    private final String prefix =
            "scenario:" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + ":";

    /** How each node was set when the scenario began. */
    private Map<String, Settings> before = Map.of();

    /** What a scenario changes in a node and puts back. */
    private record Settings(boolean antiEntropy, boolean hintsPaused) {
        static final Settings USUAL = new Settings(true, false);
    }

    LiveStage(ClusterConfig config, Fleet fleet, NodeHttp http, ScenarioReport report) {
        this.config = config;
        this.fleet = fleet;
        this.http = http;
        this.orders = new Orders(fleet, http);
        this.report = report;
    }

    @Override
    public void begin() throws ScenarioFailed, InterruptedException {
        step("The cluster is whole");
        fleet.healAll();
        long took = await("every node to be up", HEAL, this::allUp);
        List<String> failures = fleet.links().healAll();
        check(failures.isEmpty(), String.join(" ", failures));
        await("every node to tell its settings", HEAL, this::learnSettings);
        evidence(nodes().size() + " of " + nodes().size() + " nodes up after " + took + " ms");
        if (before.values().stream().anyMatch(Settings::hintsPaused)) {
            hintDelivery(true);
            evidence("the delivery of hints was paused and goes on for the scenario");
        }
    }

    private boolean allUp() {
        return nodes().stream().allMatch(this::up);
    }

    private boolean learnSettings() {
        Map<String, Settings> found = new LinkedHashMap<>();
        numbers()
                .forEach((node, numbers) ->
                        found.put(
                                node,
                                new Settings(numbers.antiEntropyEnabled(), numbers.hintsPaused())));
        if (found.size() < nodes().size()) {
            return false;
        }
        before = found;
        return true;
    }

    @Override
    public List<String> healEverything() {
        // An abort interrupts this thread; healing must not be cut short by it.
        boolean aborted = Thread.interrupted();
        step("Everything is healed");
        List<String> failures = new ArrayList<>();
        try {
            // A node that has to be started first cannot take orders yet; the links come after it.
            fleet.healAll();
            attempt(failures, () -> await("every node to be up", HEAL, this::allUp));
            failures.addAll(Orders.insist(fleet.links()::healAll));
            if (!before.isEmpty()) { // or else nothing was changed
                attempt(failures, () -> hintDelivery(node -> settings(node).hintsPaused()));
                attempt(failures, () -> antiEntropy(node -> settings(node).antiEntropy()));
            }
        } catch (InterruptedException e) {
            failures.add("The dashboard was stopped while healing.");
            aborted = true;
        }
        if (failures.isEmpty()) {
            evidence("all nodes up, anti-entropy and the delivery of hints as they were");
        }
        if (aborted) {
            Thread.currentThread().interrupt();
        }
        return failures;
    }

    /** A part of the healing; the others are done even if it fails. */
    private interface Part {
        void heal() throws ScenarioFailed, InterruptedException;
    }

    private static void attempt(List<String> failures, Part part) throws InterruptedException {
        try {
            part.heal();
        } catch (ScenarioFailed e) {
            failures.add(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void step(String title) {
        report.begin(title);
    }

    @Override
    public void evidence(String fact) {
        report.evidence(fact);
    }

    @Override
    public List<String> nodes() {
        return config.ids().stream().map(NodeId::value).toList();
    }

    @Override
    public int replicas() {
        return config.n();
    }

    @Override
    public int writeQuorum() {
        return config.w();
    }

    @Override
    public List<String> owners(String key) throws ScenarioFailed {
        for (String node : nodes()) {
            if (up(node)) {
                List<String> owners = new ArrayList<>();
                read(node, "/debug/explain?key=" + TypedKey.encode(key), ASK)
                        .json()
                        .path("primaries")
                        .forEach(owner -> owners.add(owner.asString("")));
                return owners;
            }
        }
        throw new ScenarioFailed("No node is up that could say where " + key + " lives.");
    }

    @Override
    public String prefix() {
        return prefix;
    }

    @Override
    public void kill(List<String> nodes) {
        together(nodes, node -> fleet.node(new NodeId(node)).kill());
    }

    @Override
    public void restart(List<String> nodes) {
        together(nodes, node -> fleet.node(new NodeId(node)).restart());
    }

    private static void together(List<String> nodes, Consumer<String> action) {
        List<Thread> threads = new ArrayList<>();
        List<ControlException> failures = new ArrayList<>();
        for (String node : nodes) {
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    action.accept(node);
                                } catch (ControlException e) {
                                    synchronized (failures) {
                                        failures.add(e);
                                    }
                                }
                            }));
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    @Override
    public void pause(String node) {
        fleet.node(new NodeId(node)).pause();
    }

    @Override
    public void resume(String node) {
        fleet.node(new NodeId(node)).resume();
    }

    @Override
    public void antiEntropy(boolean on) throws ScenarioFailed, InterruptedException {
        antiEntropy(node -> on);
    }

    private void antiEntropy(Predicate<String> enabled)
            throws ScenarioFailed, InterruptedException {
        orders.give(
                "POST", "/admin/anti-entropy", node -> "{\"enabled\":" + enabled.test(node) + "}");
    }

    private Settings settings(String node) {
        return before.getOrDefault(node, Settings.USUAL);
    }

    @Override
    public void hintDelivery(boolean on) throws ScenarioFailed, InterruptedException {
        hintDelivery(node -> !on);
    }

    private void hintDelivery(Predicate<String> paused)
            throws ScenarioFailed, InterruptedException {
        orders.give("POST", "/admin/hints", node -> "{\"paused\":" + paused.test(node) + "}");
    }

    @Override
    public void dropHints(String target) throws ScenarioFailed, InterruptedException {
        orders.give("DELETE", "/admin/hints?target=" + target, node -> "");
    }

    @Override
    public Write put(String through, String key, String value) {
        return write("PUT", through, key, value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Write delete(String through, String key) {
        return write("DELETE", through, key, null);
    }

    private Write write(String method, String through, String key, byte @Nullable [] body) {
        long start = System.nanoTime();
        try {
            NodeHttp.Answer answer =
                    http.send(
                            new NodeHttp.Call(
                                    method,
                                    address(through),
                                    "/kv?key="
                                            + TypedKey.encode(key)
                                            + (body == null ? "" : KEEP)
                                            + "&explain=true",
                                    body,
                                    body == null ? null : "text/plain",
                                    OPERATION));
            JsonNode json = answer.json();
            return new Write(
                    answer.status(),
                    json.path("version").asString(""),
                    json.path("outcome").asString(json.path("detail").asString("")),
                    json.path("acknowledged").asLong(0) + " of " + json.path("required").asLong(0),
                    microsSince(start));
        } catch (IOException e) {
            return new Write(0, "", through + " did not answer", "", microsSince(start));
        }
    }

    private static long millisSince(long startNanos) {
        return microsSince(startNanos) / 1000;
    }

    private static long microsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1000;
    }

    @Override
    public @Nullable String get(String through, String key) throws ScenarioFailed {
        NodeHttp.Answer answer = read(through, "/kv?key=" + TypedKey.encode(key), OPERATION);
        if (answer.status() == 404) {
            return null;
        }
        check(
                answer.ok(),
                "Reading " + key + " through " + through + " answered " + answer.status());
        return answer.text();
    }

    @Override
    public List<Held> inspect(String through, String key) throws ScenarioFailed {
        NodeHttp.Answer answer =
                read(through, "/debug/explain?key=" + TypedKey.encode(key), OPERATION);
        check(answer.ok(), through + " could not explain " + key + ": " + answer.status());
        List<Held> held = new ArrayList<>();
        for (JsonNode replica : answer.json().path("replicas")) {
            held.add(
                    new Held(
                            replica.path("node").asString(""),
                            replica.path("answer").asString(""),
                            replica.path("version").asString(""),
                            replica.path("tombstone").asBoolean(false)));
        }
        return held;
    }

    private NodeHttp.Answer read(String through, String path, Duration atMost)
            throws ScenarioFailed {
        try {
            return http.send(NodeHttp.Call.get(address(through), path, atMost));
        } catch (IOException e) {
            throw new ScenarioFailed(through + " did not answer to " + path + ".");
        }
    }

    private String address(String node) {
        return config.member(new NodeId(node)).address();
    }

    @Override
    public Map<String, NodeNumbers> numbers() {
        Map<String, NodeNumbers> numbers = new LinkedHashMap<>();
        for (NodeView view : fleet.views()) {
            if (view.state() != NodeState.UP && view.state() != NodeState.UNKNOWN) {
                continue;
            }
            try {
                NodeHttp.Answer answer =
                        http.send(NodeHttp.Call.get(view.address(), "/debug/status", ASK));
                if (answer.ok()) {
                    numbers.put(view.id().value(), new NodeNumbers(answer.json()));
                }
            } catch (IOException e) {
                // A node that does not answer has no figures; the caller sees it missing.
            }
        }
        return numbers;
    }

    @Override
    public boolean up(String node) {
        return fleet.node(new NodeId(node)).view().state() == NodeState.UP;
    }

    @Override
    public long await(String what, Duration atMost, Hope holds)
            throws ScenarioFailed, InterruptedException {
        long start = System.nanoTime();
        while (!holdsNow(holds)) {
            if (System.nanoTime() - start > atMost.toNanos()) {
                throw new ScenarioFailed(
                        "Waited "
                                + Words.duration(atMost.toMillis())
                                + " for "
                                + what
                                + ", in vain.");
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return millisSince(start);
    }

    private static boolean holdsNow(Hope hope) {
        try {
            return hope.holds();
        } catch (ScenarioFailed e) {
            return false;
        }
    }
}

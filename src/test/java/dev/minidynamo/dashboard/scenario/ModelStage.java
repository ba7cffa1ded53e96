package dev.minidynamo.dashboard.scenario;

import dev.minidynamo.dashboard.NodeNumbers;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A model of a cluster of three nodes with N=3 and R=W=2, in which all but a write happens at once;
 * with a bug of choice.
 */
final class ModelStage implements HealingStage {

    /** What a store may do wrong; each must make one scenario fail. */
    enum Bug {
        NONE,
        HINTS_IN_MEMORY,
        RESURRECTS,
        NO_ANTI_ENTROPY,
        LOSES_ACKNOWLEDGED,
        WRITES_WITHOUT_QUORUM,
        NEVER_SUSPECTS
    }

    private record Cell(String value, long version, boolean deleted) {}

    private static final Duration PATIENCE = Duration.ofMillis(400);

    /** What a write takes; without it, those who write on and on leave no one else the monitor. */
    private static final long WRITE_NANOS = 200_000;

    private static final List<String> NODES = List.of("n1", "n2", "n3");

    private final Bug bug;
    private final ScenarioReport report;
    private final Map<String, Map<String, Cell>> stores = new TreeMap<>();
    private final Map<String, Map<String, Cell>> hintsFor = new TreeMap<>();
    private final Set<String> dead = new HashSet<>();
    private final Set<String> paused = new HashSet<>();
    private boolean antiEntropy = true;
    private boolean delivery = true;
    private long version;
    private long rounds;
    private int healed;

    ModelStage(Bug bug, ScenarioReport report) {
        this.bug = bug;
        this.report = report;
        NODES.forEach(node -> stores.put(node, new TreeMap<>()));
        NODES.forEach(node -> hintsFor.put(node, new TreeMap<>()));
    }

    int healed() {
        return healed;
    }

    synchronized boolean whole() {
        return dead.isEmpty() && paused.isEmpty() && antiEntropy && delivery;
    }

    @Override
    public void begin() {
        step("begin");
    }

    @Override
    public synchronized List<String> healEverything() {
        healed++;
        dead.clear();
        paused.clear();
        antiEntropy = true;
        delivery = true;
        settle();
        return List.of();
    }

    private boolean reachable(String node) {
        return !dead.contains(node) && !paused.contains(node);
    }

    /** Lets handoff and anti-entropy do what they are allowed to do. */
    private void settle() {
        for (String node : NODES) {
            if (!reachable(node)) {
                continue;
            }
            if (delivery) {
                hintsFor.get(node).forEach((key, cell) -> merge(node, key, cell));
                hintsFor.get(node).clear();
            }
            if (antiEntropy && bug != Bug.NO_ANTI_ENTROPY) {
                for (String peer : NODES) {
                    if (reachable(peer)) {
                        Map.copyOf(stores.get(peer)).forEach((key, cell) -> merge(node, key, cell));
                    }
                }
                rounds++;
            }
        }
    }

    private void merge(String node, String key, Cell cell) {
        Cell held = stores.get(node).get(key);
        boolean wrong = bug == Bug.RESURRECTS && held != null && held.deleted();
        boolean newer = held == null || cell.version() > held.version();
        if (newer && !(bug == Bug.RESURRECTS && cell.deleted() && held != null) || wrong) {
            stores.get(node).put(key, cell);
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
        return NODES;
    }

    @Override
    public int replicas() {
        return 3;
    }

    @Override
    public int writeQuorum() {
        return 2;
    }

    @Override
    public List<String> owners(String key) {
        return NODES;
    }

    @Override
    public String prefix() {
        return "test:";
    }

    @Override
    public synchronized void kill(List<String> nodes) {
        dead.addAll(nodes);
    }

    @Override
    public synchronized void restart(List<String> nodes) {
        nodes.forEach(dead::remove);
        if (bug == Bug.HINTS_IN_MEMORY) {
            hintsFor.values().forEach(Map::clear);
        }
        if (bug == Bug.LOSES_ACKNOWLEDGED) {
            nodes.forEach(node -> stores.get(node).keySet().removeIf(key -> key.endsWith("7")));
        }
        settle();
    }

    @Override
    public synchronized void pause(String node) {
        paused.add(node);
    }

    @Override
    public synchronized void resume(String node) {
        paused.remove(node);
        settle();
    }

    @Override
    public synchronized void antiEntropy(boolean on) {
        antiEntropy = on;
        settle();
    }

    @Override
    public synchronized void hintDelivery(boolean on) {
        delivery = on;
        settle();
    }

    @Override
    public synchronized void dropHints(String target) {
        hintsFor.get(target).clear();
    }

    @Override
    public Write put(String through, String key, String value) {
        LockSupport.parkNanos(WRITE_NANOS);
        return write(through, key, value, false);
    }

    @Override
    public Write delete(String through, String key) {
        return write(through, key, "", true);
    }

    private synchronized Write write(String through, String key, String value, boolean delete) {
        long up = NODES.stream().filter(this::reachable).count();
        if (!reachable(through)) {
            return new Write(0, "", "no answer", "", 1000);
        }
        if (up < 2 && bug != Bug.WRITES_WITHOUT_QUORUM) {
            return new Write(503, "", "rejected", up + " of 2", 1000);
        }
        Cell cell = new Cell(value, ++version, delete);
        for (String node : NODES) {
            if (reachable(node)) {
                stores.get(node).put(key, cell);
            } else {
                hintsFor.get(node).put(key, cell);
            }
        }
        return new Write(200, "v" + version, "written", up + " of 2", 1000);
    }

    @Override
    public synchronized @Nullable String get(String through, String key) {
        Cell newest = null;
        for (String node : NODES) {
            Cell held = stores.get(node).get(key);
            boolean newer = held != null && (newest == null || held.version() > newest.version());
            newest = reachable(node) && newer ? held : newest;
        }
        return newest == null || newest.deleted() ? null : newest.value();
    }

    @Override
    public synchronized List<Held> inspect(String through, String key) {
        List<Held> held = new ArrayList<>();
        for (String node : NODES) {
            Cell cell = stores.get(node).get(key);
            held.add(
                    cell == null || !reachable(node)
                            ? new Held(node, "missing", "", false)
                            : new Held(node, "newest", "v" + cell.version(), cell.deleted()));
        }
        return held;
    }

    @Override
    public synchronized Map<String, NodeNumbers> numbers() {
        settle();
        List<Map<String, Object>> targets = new ArrayList<>();
        hintsFor.forEach(
                (node, hints) -> targets.add(Map.of("target", node, "count", hints.size())));
        List<Map<String, Object>> peers = new ArrayList<>();
        for (String node : NODES) {
            boolean seen = bug != Bug.NEVER_SUSPECTS && !reachable(node);
            peers.add(Map.of("id", node, "liveness", seen ? "SUSPECT" : "UP"));
        }
        Map<String, NodeNumbers> numbers = new LinkedHashMap<>();
        for (String node : NODES) {
            Object status =
                    Map.of(
                            "hints", Map.of("targets", node.equals("n1") ? targets : List.of()),
                            "antiEntropy", Map.of("peers", List.of(Map.of("rounds", rounds))),
                            "peers", Map.of("peers", peers));
            numbers.put(node, new NodeNumbers(JsonMapper.shared().valueToTree(status)));
        }
        return numbers;
    }

    @Override
    public synchronized boolean up(String node) {
        return reachable(node);
    }

    @Override
    public long await(String what, Duration atMost, Hope holds)
            throws ScenarioFailed, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (holds.holds()) {
                return 0;
            }
            LockSupport.parkNanos(1_000_000);
        }
        throw new ScenarioFailed("Waited for " + what + " in vain.");
    }
}

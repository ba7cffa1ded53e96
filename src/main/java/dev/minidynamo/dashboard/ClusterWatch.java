package dev.minidynamo.dashboard;

import dev.minidynamo.agent.Fleet;
import dev.minidynamo.agent.NodeState;
import dev.minidynamo.agent.NodeView;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Looks at every node once a second, and at once after something happened to one.
 *
 * <p>All nodes are asked in parallel with a short timeout, so that a dead one delays nothing. Its
 * last figures are kept with the time they were given: a node that does not answer is shown as it
 * was, never as zeros.
 */
public final class ClusterWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);
    private static final Duration TIMEOUT = Duration.ofMillis(900);
    private static final long EVERY_MILLIS = 1000;

    /** The last figures of a node. */
    private record Figures(NodeNumbers numbers, long atMillis, boolean answering) {
        static final Figures NONE = new Figures(NodeNumbers.NONE, 0, false);
    }

    private final ClusterConfig config;
    private final Fleet fleet;
    private final NodeHttp http;
    private final Map<NodeId, Figures> figures = new ConcurrentHashMap<>();
    private final Map<NodeId, NodeSight> last = new TreeMap<>();
    private final List<Consumer<ClusterSight>> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService ticker =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("cluster-watch").daemon().factory());
    private final ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicBoolean soon = new AtomicBoolean();
    private volatile ClusterSight sight;
    private volatile @Nullable JsonNode ring;

    public ClusterWatch(ClusterConfig config, Fleet fleet, NodeHttp http) {
        this.config = config;
        this.fleet = fleet;
        this.http = http;
        this.sight = assemble();
    }

    /** Begins to look. */
    public void start() {
        fleet.events().subscribe(event -> lookSoon());
        var _ =
                ticker.scheduleAtFixedRate(
                        this::lookSafely, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Tells {@code listener} of each new sight, on the watch's thread. */
    public void onSight(Consumer<ClusterSight> listener) {
        listeners.add(listener);
    }

    /** The last sight; never blocks. */
    public ClusterSight sight() {
        return sight;
    }

    /** The ring as some node described it, or null as long as none has. */
    public @Nullable JsonNode ring() {
        return ring;
    }

    /** Looks again at once instead of within a second; does not wait for it. */
    public void lookSoon() {
        if (!ticker.isShutdown() && soon.compareAndSet(false, true)) {
            ticker.execute(this::lookSafely);
        }
    }

    private void lookSafely() {
        soon.set(false);
        try {
            look();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("A look at the cluster failed; the next one follows.", e);
        }
    }

    private void look() throws InterruptedException {
        List<Callable<Boolean>> questions = new ArrayList<>();
        for (ClusterConfig.Member member : config.nodes()) {
            questions.add(() -> ask(member));
        }
        askers.invokeAll(questions);
        ClusterSight seen = assemble();
        sight = seen;
        fetchRing(seen);
        listeners.forEach(listener -> listener.accept(seen));
    }

    private boolean ask(ClusterConfig.Member member) {
        Figures before = figures.getOrDefault(member.id(), Figures.NONE);
        Figures now = new Figures(before.numbers(), before.atMillis(), false);
        try {
            NodeHttp.Answer answer =
                    http.send(NodeHttp.Call.get(member.address(), "/debug/status", TIMEOUT));
            NodeNumbers numbers = new NodeNumbers(answer.json());
            if (answer.ok() && numbers.known()) {
                now = new Figures(numbers, System.currentTimeMillis(), true);
            }
        } catch (IOException e) {
            LOG.debug("{} did not answer: {}", member.id(), e.getMessage());
        }
        figures.put(member.id(), now);
        return now.answering();
    }

    private ClusterSight assemble() {
        long now = System.currentTimeMillis();
        List<NodeView> views = fleet.views();
        List<LinkSight> links = links(views, now);
        List<NodeSight> nodes = new ArrayList<>();
        for (NodeView view : views) {
            Figures known = figures.getOrDefault(view.id(), Figures.NONE);
            Condition condition = condition(view, known, links);
            NodeSight before = last.get(view.id());
            long since =
                    before != null && before.condition() == condition ? before.sinceMillis() : now;
            NodeSight node =
                    new NodeSight(
                            view,
                            condition,
                            since,
                            known.numbers(),
                            known.atMillis(),
                            known.answering());
            last.put(view.id(), node);
            nodes.add(node);
        }
        return new ClusterSight(now, config, nodes, links);
    }

    /**
     * What the nodes say of their links, where both ends of one are one; a new process has none.
     */
    private List<LinkSight> links(List<NodeView> views, long now) {
        List<LinkSight> links = new ArrayList<>();
        for (NodeView view : views) {
            Figures known = figures.getOrDefault(view.id(), Figures.NONE);
            boolean sameProcess =
                    known.answering()
                            || view.state() == NodeState.PAUSED
                            || view.state() == NodeState.UP
                            || view.state() == NodeState.UNKNOWN;
            if (sameProcess) {
                known.numbers().links(view.id().value(), known.atMillis()).stream()
                        .filter(link -> link.untilMillis() > now)
                        .filter(link -> links.stream().noneMatch(o -> o.joins(link.a(), link.b())))
                        .forEach(links::add);
            }
        }
        return links;
    }

    private Condition condition(NodeView view, Figures known, List<LinkSight> links) {
        return switch (view.state()) {
            case STARTING -> Condition.STARTING;
            case PAUSED -> Condition.PAUSED;
            case KILLED, CRASHED, STOPPED -> Condition.DOWN;
            case UNKNOWN -> known.answering() ? Condition.UP : Condition.UNKNOWN;
            case UP -> ofRunning(view.id().value(), known, links);
        };
    }

    private Condition ofRunning(String id, Figures known, List<LinkSight> links) {
        long cut =
                links.stream()
                        .filter(link -> link.drop() && (link.a().equals(id) || link.b().equals(id)))
                        .count();
        int peers = config.nodes().size() - 1;
        if (peers > 0 && cut >= peers) {
            return Condition.CUT_OFF;
        }
        return known.answering() && !suspected(id) ? Condition.UP : Condition.SUSPECT;
    }

    /** Whether most of the nodes that answer do not hear this one. */
    private boolean suspected(String id) {
        int asked = 0;
        int doubting = 0;
        for (NodeId other : config.ids()) {
            Figures known = figures.getOrDefault(other, Figures.NONE);
            if (other.value().equals(id) || !known.answering()) {
                continue;
            }
            asked++;
            String word = known.numbers().livenessOf(id);
            if (word.equals("SUSPECT") || word.equals("DOWN")) {
                doubting++;
            }
        }
        return doubting * 2 > asked;
    }

    private void fetchRing(ClusterSight seen) {
        NodeSight node = seen.anyToAsk();
        if (ring != null || node == null) {
            return;
        }
        try {
            NodeHttp.Answer answer =
                    http.send(NodeHttp.Call.get(node.view().address(), "/debug/ring", TIMEOUT));
            if (answer.ok() && answer.json().path("vnodes").isArray()) {
                ring = answer.json();
            }
        } catch (IOException e) {
            LOG.debug("{} did not describe the ring: {}", node.id(), e.getMessage());
        }
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        askers.shutdownNow();
    }
}

package dev.minidynamo.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * When the clients ask: each awaits the end of its request before, and, where clients are patient,
 * a node that is down is asked at the very moment at which it is back.
 *
 * <p>That is when a node knows least of the others, and when the order of two requests is certain.
 */
final class Clients {

    private final SimCluster cluster;
    private final History history;
    private final Map<Integer, Step.Request> open = new LinkedHashMap<>();
    private final Map<Integer, List<Step.Request>> followers = new LinkedHashMap<>();
    private List<Step.Request> waiting = new ArrayList<>();
    private boolean over;

    Clients(SimCluster cluster, History history) {
        this.cluster = cluster;
        this.history = history;
    }

    /** The time of a request has come. */
    void take(Step.Request request) {
        if (open.containsKey(request.after())) {
            followers.computeIfAbsent(request.after(), id -> new ArrayList<>()).add(request);
            open.put(request.id(), request);
        } else {
            ask(request);
        }
    }

    private void ask(Step.Request request) {
        if (over) {
            return;
        }
        open.put(request.id(), request);
        SimNode node = cluster.nodes.get(request.node());
        boolean down = node.node() == null;
        if (down && cluster.shape.patient() && cluster.isOn(node.ring(), node)) {
            waiting.add(request);
        } else if (down) {
            ended(request.id());
        } else {
            history.invoke(request);
        }
    }

    /** A request has been answered, or has lost its coordinator. */
    void ended(int id) {
        open.remove(id);
        List<Step.Request> next = followers.remove(id);
        if (next != null) {
            next.forEach(this::ask);
        }
    }

    void nodeReady(SimNode node) {
        List<Step.Request> before = waiting;
        waiting = new ArrayList<>();
        for (Step.Request request : before) {
            if (request.node() == node.index) {
                history.invoke(request);
            } else {
                waiting.add(request);
            }
        }
    }

    /** The connections of the node's clients break. */
    void nodeEnded(SimNode node) {
        List<Step.Request> broken = new ArrayList<>();
        for (Step.Request request : open.values()) {
            boolean sent = history.isUnanswered(request.id());
            if (request.node() == node.index && sent) {
                broken.add(request);
            }
        }
        broken.forEach(request -> ended(request.id()));
    }

    /** Whoever has not asked yet gives up. */
    void giveUp() {
        over = true;
        waiting.clear();
        followers.clear();
    }
}

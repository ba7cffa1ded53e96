package dev.minidynamo.agent;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The faults on the links between nodes: timed rules that each node keeps for its own outgoing
 * messages, set through the node's {@code /admin/links}.
 */
public final class LinkFaults {

    /** The longest time a fault may last, in seconds. */
    public static final int MAX_SECONDS = 600;

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final ClusterConfig cluster;
    private final HttpControl http;
    private final JsonMapper json = JsonMapper.builder().build();
    private final List<LinkFault> active = new ArrayList<>();

    LinkFaults(ClusterConfig cluster, HttpControl http) {
        this.cluster = cluster;
        this.http = http;
    }

    /** Loses every message between two nodes for a while. */
    public LinkFault cut(NodeId a, NodeId b, int seconds) {
        return set(new LinkFault(a, b, true, 0, 0, until(seconds)), seconds);
    }

    /** Delays the messages between two nodes, and loses some, for a while. */
    public LinkFault slow(NodeId a, NodeId b, int delayMillis, int lossPercent, int seconds) {
        require("delayMillis", delayMillis, 0, 60_000);
        require("lossPercent", lossPercent, 0, 100);
        return set(new LinkFault(a, b, false, delayMillis, lossPercent, until(seconds)), seconds);
    }

    /** The faults in force. */
    public synchronized List<LinkFault> active() {
        long now = System.currentTimeMillis();
        active.removeIf(fault -> fault.untilMillis() <= now);
        return List.copyOf(active);
    }

    /**
     * Ends every fault of every node.
     *
     * @return a sentence for each node that could not be reached
     */
    public List<String> healAll() {
        return healAll(Set.of());
    }

    /**
     * The same, where some nodes need not answer.
     *
     * @param fresh nodes that are just starting; a new process has no rules, so its silence is none
     */
    List<String> healAll(Set<NodeId> fresh) {
        synchronized (this) {
            active.clear();
        }
        List<String> failures = new ArrayList<>();
        for (NodeId node : cluster.ids()) {
            String failure = send("DELETE", node, null);
            if (failure != null && !fresh.contains(node)) {
                failures.add(failure);
            }
        }
        return failures;
    }

    private LinkFault set(LinkFault fault, int seconds) {
        if (fault.a().equals(fault.b())) {
            throw new ControlException("A link joins two different nodes.");
        }
        String first = send("POST", fault.a(), rule(fault.b(), fault, seconds));
        String second = send("POST", fault.b(), rule(fault.a(), fault, seconds));
        if (first != null && second != null) {
            throw new ControlException(first + " " + second);
        }
        synchronized (this) {
            active.removeIf(other -> other.joins(fault.a(), fault.b()));
            active.add(fault);
        }
        return fault;
    }

    private String rule(NodeId peer, LinkFault fault, int seconds) {
        return json.writeValueAsString(
                Map.of(
                        "peer", peer.value(),
                        "drop", fault.drop(),
                        "delayMillis", fault.delayMillis(),
                        "lossPercent", fault.lossPercent(),
                        "seconds", seconds));
    }

    private @Nullable String send(String method, NodeId node, @Nullable String body) {
        try {
            URI uri = http.uri(cluster.member(node).address(), "/admin/links");
            HttpControl.Answer answer = http.send(method, uri, body, TIMEOUT);
            if (answer.ok()) {
                return null;
            }
            return answer.status() == 404
                    ? node + " was started without fault injection."
                    : node + " refused the rule with status " + answer.status() + ".";
        } catch (IllegalArgumentException e) {
            throw new ControlException("There is no node " + node + " here.", e);
        } catch (IOException e) {
            return node + " did not answer.";
        }
    }

    private static long until(int seconds) {
        require("seconds", seconds, 1, MAX_SECONDS);
        return System.currentTimeMillis() + seconds * 1000L;
    }

    private static void require(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ControlException(
                    name + " is " + value + "; accepted is " + least + " to " + most + ".");
        }
    }
}

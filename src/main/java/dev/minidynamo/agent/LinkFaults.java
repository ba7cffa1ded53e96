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
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * The faults on the links between nodes: timed rules that each node keeps for its own messages, set
 * through the node's {@code /admin/links}. What is in force only the nodes know, in their {@code
 * /debug/status}.
 */
public final class LinkFaults {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final ClusterConfig cluster;
    private final HttpControl http;
    private final JsonMapper json = JsonMapper.builder().build();

    LinkFaults(ClusterConfig cluster, HttpControl http) {
        this.cluster = cluster;
        this.http = http;
    }

    /**
     * Puts a fault on a link, instead of the one before; one end is enough.
     *
     * @throws NoSuchElementException with a sentence if there is no such node
     * @throws ControlException if neither end took it
     */
    public void put(LinkFault fault) {
        String first = address(fault.a());
        String second = address(fault.b());
        String firstFailure = send("POST", fault.a(), first, rule(fault.b(), fault));
        String secondFailure = send("POST", fault.b(), second, rule(fault.a(), fault));
        if (firstFailure != null && secondFailure != null) {
            throw new ControlException(firstFailure + " " + secondFailure);
        }
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
        List<String> failures = new ArrayList<>();
        for (ClusterConfig.Member member : cluster.nodes()) {
            String failure = send("DELETE", member.id(), member.address(), null);
            if (failure != null && !fresh.contains(member.id())) {
                failures.add(failure);
            }
        }
        return failures;
    }

    private String address(NodeId node) {
        try {
            return cluster.member(node).address();
        } catch (IllegalArgumentException e) {
            throw new NoSuchElementException("There is no node " + node + " here.", e);
        }
    }

    private String rule(NodeId peer, LinkFault fault) {
        return json.writeValueAsString(
                Map.of(
                        "peer", peer.value(),
                        "drop", fault.drop(),
                        "delayMillis", fault.delayMillis(),
                        "lossPercent", fault.lossPercent(),
                        "seconds", fault.seconds()));
    }

    private @Nullable String send(
            String method, NodeId node, String address, @Nullable String body) {
        try {
            URI uri = http.uri(address, "/admin/links");
            HttpControl.Answer answer = http.send(method, uri, body, TIMEOUT);
            if (answer.ok()) {
                return null;
            }
            return answer.status() == 404
                    ? node + " was started without fault injection."
                    : node + " refused the rule with status " + answer.status() + ".";
        } catch (IOException e) {
            return node + " did not answer.";
        }
    }
}

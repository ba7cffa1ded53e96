package dev.minidynamo.api;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.LinkFaults;

import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /admin/links}: cuts and slows this node's links for a while, and heals them. */
@RestController
@RequestMapping("/admin/links")
class LinkFaultController {

    private final LinkFaults faults;
    private final NodeView node;

    LinkFaultController(LinkFaults faults, NodeView node) {
        this.faults = faults;
        this.node = node;
    }

    /** A rule as it is asked for; what is left out is nothing, and 30 seconds. */
    record Rule(
            @Nullable String peer,
            @Nullable Boolean drop,
            @Nullable Integer delayMillis,
            @Nullable Integer lossPercent,
            @Nullable Integer seconds) {}

    @GetMapping
    Map<String, Object> inForce() {
        requireEnabled();
        return Map.of("links", inForce(faults));
    }

    /** The rules in force, by the node at the other end. */
    static Map<String, Object> inForce(LinkFaults faults) {
        Map<String, Object> links = new LinkedHashMap<>();
        faults.inForce()
                .forEach((peer, rule) ->
                        links.put(
                                peer.value(),
                                Map.of(
                                        "drop", rule.drop(),
                                        "delayMillis", rule.delayMillis(),
                                        "lossPercent", rule.lossPercent(),
                                        "leftMillis", faults.millisLeft(rule))));
        return links;
    }

    @PostMapping
    Map<String, Object> put(@RequestBody Rule rule) {
        requireEnabled();
        NodeId peer = peer(rule.peer());
        try {
            faults.put(
                    peer,
                    Boolean.TRUE.equals(rule.drop()),
                    rule.delayMillis() == null ? 0 : rule.delayMillis(),
                    rule.lossPercent() == null ? 0 : rule.lossPercent(),
                    rule.seconds() == null ? 30 : rule.seconds());
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
        return inForce();
    }

    @DeleteMapping
    Map<String, Object> heal(@RequestParam(required = false) @Nullable String peer) {
        requireEnabled();
        if (peer == null) {
            faults.heal();
        } else {
            faults.heal(peer(peer));
        }
        return inForce();
    }

    private NodeId peer(@Nullable String name) {
        List<NodeId> peers =
                node.config().ids().stream().filter(id -> !id.equals(node.self())).toList();
        return peers.stream()
                .filter(id -> id.value().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        Problem.badRequest(
                                "peer is \"" + name + "\"; accepted is one of " + peers));
    }

    private void requireEnabled() {
        if (!faults.enabled()) {
            throw new Problem(404, "this node was started without fault injection");
        }
    }
}

package dev.minidynamo.agent;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/**
 * A node whose process belongs to a remote agent, which is asked over HTTP.
 *
 * <p>Without an agent in nodes.json, or while its agent is silent, only whether the node answers is
 * known. A silent agent never makes a node count as dead.
 */
final class RemoteNode implements ObservedNode {

    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration ACT = Duration.ofSeconds(20);

    private final ClusterConfig.Member member;
    private final HttpControl http;
    private final AgentEvents events;
    private final JsonMapper json = JsonMapper.builder().build();
    private volatile NodeView last;

    RemoteNode(ClusterConfig.Member member, HttpControl http, AgentEvents events) {
        this.member = member;
        this.http = http;
        this.events = events;
        this.last =
                new NodeView(
                        member.id(),
                        member.address(),
                        NodeState.UNKNOWN,
                        null,
                        System.currentTimeMillis(),
                        null,
                        0,
                        "",
                        false);
    }

    @Override
    public NodeId id() {
        return member.id();
    }

    @Override
    public NodeView view() {
        return last;
    }

    @Override
    public NodeView kill() {
        return act("kill");
    }

    @Override
    public NodeView restart() {
        return act("restart");
    }

    @Override
    public NodeView pause() {
        return act("pause");
    }

    @Override
    public NodeView resume() {
        return act("resume");
    }

    @Override
    public void tick() {
        if (member.agent() == null) {
            seen(byHealth("nodes.json names no agent for it, so it cannot be steered from here."));
            return;
        }
        try {
            HttpControl.Answer answer = http.send("GET", uri(""), null, LOOK);
            seen(
                    answer.ok()
                            ? parse(answer.body())
                            : byHealth("Its agent answered with status " + answer.status() + "."));
        } catch (IOException | JacksonException e) {
            seen(byHealth("Its agent at " + member.agent() + " does not answer."));
        }
    }

    private NodeView act(String verb) {
        if (member.agent() == null) {
            throw new ControlException(
                    "nodes.json names no agent for "
                            + id()
                            + ", so it cannot be steered from here.");
        }
        try {
            HttpControl.Answer answer = http.send("POST", uri("/" + verb), null, ACT);
            if (!answer.ok()) {
                throw new ControlException(
                        detail(answer, "Its agent answered with status " + answer.status() + "."));
            }
            seen(parse(answer.body()));
            return last;
        } catch (IOException | JacksonException e) {
            throw new ControlException(
                    "The agent of " + id() + " at " + member.agent() + " does not answer.", e);
        }
    }

    private String detail(HttpControl.Answer answer, String otherwise) {
        try {
            return json.readTree(answer.body()).path("detail").asString(otherwise);
        } catch (JacksonException e) {
            return otherwise;
        }
    }

    private NodeView byHealth(String note) {
        boolean answers = http.healthy(member.address());
        return last.withNote(answers ? NodeState.UP : NodeState.UNKNOWN, note, false);
    }

    private NodeView parse(String body) {
        JsonNode tree = json.readTree(body);
        return new NodeView(
                member.id(),
                member.address(),
                NodeState.valueOf(tree.path("state").asString("UNKNOWN")),
                nullableLong(tree.path("pid")),
                tree.path("sinceMillis").asLong(0),
                tree.path("exitStatus").isNumber() ? tree.path("exitStatus").asInt() : null,
                tree.path("restarts").asInt(0),
                tree.path("note").asString(""),
                true);
    }

    private static @Nullable Long nullableLong(JsonNode node) {
        return node.isNumber() ? Long.valueOf(node.asLong()) : null;
    }

    private synchronized void seen(NodeView next) {
        NodeView before = last;
        last = next;
        if (before.state() != next.state()) {
            events.publish(
                    new AgentEvent(
                            System.currentTimeMillis(),
                            id(),
                            next.state(),
                            "is " + next.state().word()));
        }
    }

    private URI uri(String rest) {
        return http.uri(String.valueOf(member.agent()), "/agent/nodes/" + id() + rest);
    }
}

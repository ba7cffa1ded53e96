package dev.minidynamo.agent;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/** A console's side of the agent's HTTP control, and the link rules of nodes. */
class RemoteControlTest {

    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final String UP =
            "{\"id\":\"n1\",\"state\":\"UP\",\"pid\":4711,\"sinceMillis\":5,\"exitStatus\":null,\"restarts\":2,\"note\":\"\"}";

    private final WireMockServer server =
            new WireMockServer(WireMockConfiguration.options().dynamicPort());

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private String address() {
        return "127.0.0.1:" + server.port();
    }

    private RemoteNode node(@Nullable String agent) {
        return new RemoteNode(
                new ClusterConfig.Member(N1, address(), "", agent),
                new HttpControl("hush", null),
                new AgentEvents());
    }

    private LinkFaults links() {
        ClusterConfig cluster =
                new ClusterConfig(
                        "c",
                        List.of(
                                new ClusterConfig.Member(N1, address(), "", null),
                                new ClusterConfig.Member(N2, "127.0.0.1:1", "", null)),
                        1,
                        1,
                        1,
                        1);
        return new LinkFaults(cluster, new HttpControl("hush", null));
    }

    @Test
    void theStateIsWhatTheAgentSays() {
        server.stubFor(get("/agent/nodes/n1").willReturn(okJson(UP)));
        RemoteNode node = node(address());

        node.tick();

        NodeView view = node.view();
        assertThat(view.state()).isEqualTo(NodeState.UP);
        assertThat(view.pid()).isEqualTo(4711);
        assertThat(view.restarts()).isEqualTo(2);
        assertThat(view.controllable()).isTrue();
    }

    @Test
    void anAnswerThatStopsInItsMiddleHoldsNobody() {
        server.stubFor(get("/slow").willReturn(okJson(UP).withChunkedDribbleDelay(2, 60_000)));
        HttpControl http = new HttpControl(null, null);
        Duration limit = Duration.ofMillis(500);

        assertThatThrownBy(() -> http.send("GET", http.uri(address(), "/slow"), null, limit))
                .isInstanceOf(HttpTimeoutException.class)
                .hasMessageContaining("500 ms");
    }

    @Test
    void anActionGoesToTheAgentWithTheSecret() {
        server.stubFor(post("/agent/nodes/n1/kill").willReturn(okJson(UP.replace("UP", "KILLED"))));

        assertThat(node(address()).kill().state()).isEqualTo(NodeState.KILLED);

        server.verify(
                postRequestedFor(urlEqualTo("/agent/nodes/n1/kill"))
                        .withHeader("Authorization", equalTo("Bearer hush")));
    }

    @Test
    void aRefusalOfTheAgentKeepsItsSentence() {
        server.stubFor(
                post("/agent/nodes/n1/resume")
                        .willReturn(
                                aResponse()
                                        .withStatus(409)
                                        .withBody("{\"detail\":\"n1 is up, not paused.\"}")));

        assertThatThrownBy(() -> node(address()).resume())
                .isInstanceOf(ControlException.class)
                .hasMessage("n1 is up, not paused.");
    }

    @Test
    void aSilentAgentDoesNotMakeItsNodeCountAsDead() {
        server.stubFor(get("/health").willReturn(WireMock.ok("ok")));
        RemoteNode node = node("127.0.0.1:1");

        node.tick();

        assertThat(node.view().state()).isEqualTo(NodeState.UP);
        assertThat(node.view().note()).isEqualTo("Its agent at 127.0.0.1:1 does not answer.");
        assertThat(node.view().controllable()).isFalse();
        assertThatThrownBy(node::kill)
                .hasMessage("The agent of n1 at 127.0.0.1:1 does not answer.");
    }

    @Test
    void aNodeWithoutAnAgentCannotBeSteered() {
        RemoteNode node = node(null);
        node.tick();
        assertThat(node.view().state()).isEqualTo(NodeState.UNKNOWN);
        assertThatThrownBy(node::pause)
                .hasMessage("nodes.json names no agent for n1, so it cannot be steered from here.");
    }

    @Test
    void aCutLinkIsARuleAtBothEndsAndCountsIfOneEndTookIt() {
        server.stubFor(post("/admin/links").willReturn(aResponse().withStatus(204)));
        LinkFaults links = links();

        links.put(new LinkFault(N1, N2, true, 0, 0, 30));

        server.verify(
                postRequestedFor(urlEqualTo("/admin/links"))
                        .withHeader("Authorization", equalTo("Bearer hush"))
                        .withRequestBody(
                                WireMock.equalToJson(
                                        "{\"peer\":\"n2\",\"drop\":true,\"delayMillis\":0,\"lossPercent\":0,\"seconds\":30}")));
    }

    @Test
    void healingNamesWhomItCouldNotReach() {
        server.stubFor(delete("/admin/links").willReturn(aResponse().withStatus(204)));

        assertThat(links().healAll()).containsExactly("n2 did not answer.");
    }

    @Test
    void healingDoesNotBlameANodeThatIsJustStarting() {
        server.stubFor(delete("/admin/links").willReturn(aResponse().withStatus(500)));

        assertThat(links().healAll(Set.of(N2)))
                .containsExactly("n1 refused the rule with status 500.");
    }

    @Test
    void aNodeWithoutFaultInjectionSaysSo() {
        server.stubFor(post("/admin/links").willReturn(aResponse().withStatus(404)));
        assertThatThrownBy(() -> links().put(new LinkFault(N1, N2, true, 0, 0, 30)))
                .hasMessage("n1 was started without fault injection. n2 did not answer.");
    }

    @Test
    void aRuleOutsideItsLimitsIsRefusedWithThem() {
        assertThatThrownBy(() -> new LinkFault(N1, N2, true, 0, 0, 0))
                .hasMessage("seconds is 0; accepted is 1 to 600.");
        assertThatThrownBy(() -> new LinkFault(N1, N2, true, 10, 101, 5))
                .hasMessage("lossPercent is 101; accepted is 0 to 100.");
        assertThatThrownBy(() -> new LinkFault(N1, N1, true, 0, 0, 5))
                .hasMessage("A link joins two different nodes.");
        NodeId n9 = new NodeId("n9");
        assertThatThrownBy(() -> links().put(new LinkFault(N1, n9, true, 0, 0, 5)))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("There is no node n9 here.");
    }
}

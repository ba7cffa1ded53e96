package dev.minidynamo.dashboard.scenario;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.stubbing.Scenario.STARTED;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;

import dev.minidynamo.agent.Fleet;
import dev.minidynamo.agent.HttpControl;
import dev.minidynamo.agent.NodeState;
import dev.minidynamo.dashboard.NodeHttp;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

/** The healing of a cluster whose nodes do not always answer. */
class LiveStageTest {

    private static final String TAKEN = "taken";

    private final List<WireMockServer> nodes =
            Stream.of("n1", "n2")
                    .map(id -> new WireMockServer(WireMockConfiguration.options().dynamicPort()))
                    .toList();

    @BeforeEach
    void start() {
        nodes.forEach(WireMockServer::start);
        nodes.forEach(node -> node.stubFor(any(anyUrl()).willReturn(okJson("{}"))));
    }

    @AfterEach
    void stop() {
        nodes.forEach(WireMockServer::stop);
    }

    /** What could not be healed after a scenario that switched anti-entropy. */
    private List<String> healed() throws Exception {
        ClusterConfig config =
                new ClusterConfig("demo", List.of(member("n1", 0), member("n2", 1)), 1, 2, 1, 1);
        Scenario tested = new DurabilityScenario();
        ScenarioReport report = new ScenarioReport(tested, () -> {});
        try (Fleet fleet = Fleet.ofAgents(config, new HttpControl(null, null))) {
            fleet.start();
            await().until(() -> fleet.views().stream().allMatch(v -> v.state() == NodeState.UP));
            LiveStage stage = new LiveStage(config, fleet, new NodeHttp(null, null, null), report);
            stage.begin();
            stage.antiEntropy(true);
            return stage.healEverything();
        }
    }

    private ClusterConfig.Member member(String id, int index) {
        String address = "127.0.0.1:" + nodes.get(index).port();
        return new ClusterConfig.Member(new NodeId(id), address, "", null);
    }

    @Test
    void aNodeThatDoesNotTakeAnOrderAtOnceIsToldAgain() throws Exception {
        nodes.getFirst()
                .stubFor(
                        post("/admin/hints")
                                .inScenario("hints")
                                .whenScenarioStateIs(STARTED)
                                .willReturn(serverError())
                                .willSetStateTo(TAKEN));
        nodes.getFirst()
                .stubFor(
                        post("/admin/hints")
                                .inScenario("hints")
                                .whenScenarioStateIs(TAKEN)
                                .willReturn(okJson("{}")));

        assertThat(healed()).isEmpty();
    }

    @Test
    void oneNodeThatTakesNoOrderKeepsNoOtherFromBeingHealed() throws Exception {
        nodes.getFirst().stubFor(post("/admin/hints").willReturn(serverError()));

        assertThat(healed()).containsExactly("n1 refused /admin/hints: ");

        for (WireMockServer node : nodes) {
            node.verify(postRequestedFor(urlEqualTo("/admin/hints")));
            node.verify(postRequestedFor(urlEqualTo("/admin/anti-entropy")));
        }
    }

    @Test
    void eachNodeComparesItselfWithOthersAfterwardsAsItDidBefore() throws Exception {
        nodes.getFirst()
                .stubFor(
                        get("/debug/status")
                                .willReturn(okJson("{\"antiEntropy\":{\"enabled\":false}}")));

        assertThat(healed()).isEmpty();

        assertThat(orders(nodes.getFirst(), "anti-entropy")).containsExactly(true, false);
        assertThat(orders(nodes.getLast(), "anti-entropy")).containsExactly(true, true);
    }

    @Test
    void theDeliveryOfHintsGoesOnForTheScenarioAndIsPausedAgainAfterwards() throws Exception {
        nodes.getFirst()
                .stubFor(get("/debug/status").willReturn(okJson("{\"hints\":{\"paused\":true}}")));

        assertThat(healed()).isEmpty();

        assertThat(orders(nodes.getFirst(), "hints")).containsExactly(false, true);
        assertThat(orders(nodes.getLast(), "hints")).containsExactly(false, false);
    }

    /** What a node was told of a setting: the value of the only field. */
    private static List<Boolean> orders(WireMockServer node, String setting) {
        return node.findAll(postRequestedFor(urlEqualTo("/admin/" + setting))).stream()
                .map(order -> order.getBodyAsString().contains("true"))
                .toList();
    }
}

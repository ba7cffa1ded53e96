package dev.minidynamo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.minidynamo.agent.ControlGuard;
import dev.minidynamo.agent.Fleet;
import dev.minidynamo.agent.HttpControl;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The pages and the control over HTTP, with stand-ins for the nodes. */
@SpringBootTest(classes = DashboardPageTest.Beans.class)
@AutoConfigureMockMvc
class DashboardPageTest {

    private static final String OWN = "http://localhost";
    private static final String NASTY = "<script>alert('k')</script>\"&";

    /** Three nodes that belong to nobody. */
    @EnableAutoConfiguration
    @ComponentScan("dev.minidynamo.dashboard")
    static class Beans {

        @Bean(destroyMethod = "close")
        FakeNodes nodes() throws IOException {
            return new FakeNodes();
        }

        @Bean
        ClusterConfig config(FakeNodes nodes) {
            List<ClusterConfig.Member> members = new ArrayList<>();
            for (FakeNode node : nodes.all()) {
                members.add(
                        new ClusterConfig.Member(new NodeId(node.id()), node.address(), "", null));
            }
            return new ClusterConfig("demo", members, 64, 3, 2, 2);
        }

        @Bean(initMethod = "start", destroyMethod = "close")
        Fleet fleet(ClusterConfig config) {
            return Fleet.ofAgents(config, new HttpControl(null, null));
        }

        @Bean
        ControlGuard guard() {
            return new ControlGuard(ControlGuard.Guarded.OPEN_DASHBOARD, null, Set.of());
        }
    }

    @Autowired private MockMvc mvc;
    @Autowired private ClusterWatch watch;
    @Autowired private FakeNodes nodes;
    @Autowired private EventHub hub;

    @BeforeEach
    void theNodesHaveAnswered() {
        await().until(() -> watch.sight().up() == 3 && watch.ring() != null);
    }

    private String body(MockHttpServletRequestBuilder request) throws Exception {
        return mvc.perform(request)
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString();
    }

    @Test
    void thePageIsWholeWithoutJavaScript() throws Exception {
        String page = body(get("/"));

        assertThat(page).contains("3 of 3 nodes up · writes OK (W=2)");
        assertThat(Pattern.compile("<path class=\"fill\" d=\"M").matcher(page).results())
                .hasSize(3);
        assertThat(page).contains("action=\"/control/nodes/n2/kill\"");
        assertThat(page).contains("action=\"/control/heal\"");
        assertThat(page).contains("id=\"scenario-handoff\"", "id=\"scenario-gray-failure\"");
        assertThat(page).contains("No keys yet");
    }

    @Test
    void thePageHasNoInlineScriptOrStyleAndAsksNoOtherHost() throws Exception {
        String page = body(get("/"));

        assertThat(page)
                .doesNotContain("<style")
                .doesNotContain(" style=\"")
                .doesNotContain(" onclick");
        assertThat(Pattern.compile("<script(?![^>]*src=)").matcher(page).find()).isFalse();
        assertThat(Pattern.compile("(?:src|href)=\"(?:https?:)?//").matcher(page).find()).isFalse();
        mvc.perform(get("/"))
                .andExpect(header().string("Content-Security-Policy", PageHeaders.POLICY))
                .andExpect(header().string("X-Content-Type-Options", "nosniff"));
    }

    @Test
    void keysAndValuesAreShownEscapedEverywhere() throws Exception {
        String console =
                body(
                        post("/console")
                                .header("Host", "localhost")
                                .header("Origin", OWN)
                                .param("operation", "put")
                                .param("key", NASTY)
                                .param("value", NASTY));
        String read =
                body(
                        post("/console")
                                .header("Host", "localhost")
                                .header("Origin", OWN)
                                .header("X-Fragment", "true")
                                .param("operation", "get")
                                .param("key", NASTY));
        String lookup = body(get("/").param("key", NASTY));
        String browser = body(get("/keys").param("prefix", "<script>"));

        assertThat(read).contains("&lt;script&gt;alert(&#39;k&#39;)");
        assertThat(browser).contains("&lt;script&gt;");
        for (String page : List.of(console, read, lookup, browser)) {
            assertThat(page).doesNotContain("<script>alert");
            assertThat(Pattern.compile("<[^>]*\"&\"").matcher(page).find()).isFalse();
        }
    }

    @Test
    void theConsoleTellsWhatEachReplicaAnswered() throws Exception {
        String result =
                body(
                        post("/console")
                                .header("Host", "localhost")
                                .header("Origin", OWN)
                                .header("X-Fragment", "true")
                                .param("operation", "put")
                                .param("node", "n3")
                                .param("key", "it's")
                                .param("value", "v")
                                .param("w", "3"));

        assertThat(result).doesNotContain("<html");
        assertThat(result).contains("data-answer=\"hinted\"", "data-answer=\"ack\"");
        assertThat(result).contains("missed it; a hint waits for it");
        assertThat(result).contains("--data-raw &#39;v&#39;").contains("w=3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"key=&operation=get", "key=k&r=9", "key=k&operation=drop", "key=k&node=n9"})
    void aBadRequestIsAnsweredWithASentence(String query) throws Exception {
        MockHttpServletRequestBuilder request =
                post("/console?" + query)
                        .header("Host", "localhost")
                        .header("Origin", OWN)
                        .header("X-Fragment", "true");

        assertThat(body(request)).contains("data-good=\"false\"").contains("accepted is");
    }

    @Test
    void theLookupShowsPlacesAndHints() throws Exception {
        String part = body(get("/lookup").param("key", "cat"));

        assertThat(part).contains("9f3a7c2100000000", "data-angle=\"223.9");
        assertThat(part).contains("data-answer=\"stale\"", "hint for n2");
    }

    @Test
    void aFormLeadsBackToThePageWithItsOutcome() throws Exception {
        String target =
                mvc.perform(
                                post("/control/nodes/n9/kill")
                                        .header("Host", "localhost")
                                        .header("Origin", OWN)
                                        .accept(MediaType.TEXT_HTML))
                        .andExpect(status().isFound())
                        .andReturn()
                        .getResponse()
                        .getRedirectedUrl();

        assertThat(target).matches("/\\?notice=\\d+#nodes");
        String notice = target.substring(target.indexOf('=') + 1, target.indexOf('#'));
        assertThat(body(get("/").param("notice", notice))).contains("There is no node n9 here.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<b>zebra</b>", "zebra", "-7zebra", "99999999999999999999zebra"})
    void anOddNoticeInTheAddressShowsNothingOfItself(String notice) throws Exception {
        assertThat(body(get("/").param("notice", notice))).doesNotContain("zebra");
    }

    @Test
    void aCallIsAnsweredInJson() throws Exception {
        mvc.perform(
                        post("/control/nodes/n1/explode")
                                .header("Host", "localhost")
                                .header("Origin", OWN))
                .andExpect(status().isBadRequest())
                .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
                .andExpect(
                        jsonPath("$.detail")
                                .value(
                                        "There is no action \"explode\"; accepted is kill, pause,"
                                                + " resume or restart."));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=n1&b=n2&kind=slow&lossPercent=101|400|lossPercent is 101; accepted is 0 to 100.",
                "a=n1&b=n2&kind=cut&lossPercent=200|400|lossPercent is 200; accepted is 0 to 100.",
                "b=n2|400|a is missing; accepted is a node's id.",
                "a=n1&b=n2&seconds=abc|400|seconds is \"abc\"; accepted is a whole number.",
                "a=n1&b=n2&seconds=601|400|seconds is 601; accepted is 1 to 600.",
                "a=n1&b=n2&kind=bend|400|kind is \"bend\"; accepted is cut or slow.",
                "a=n1&b=n1|400|A link joins two different nodes.",
                "a=n1&b=n9|404|There is no node n9 here."
            })
    void aFaultThatIsNotAcceptedIsRefusedWithASentence(String query, int status, String sentence)
            throws Exception {
        mvc.perform(
                        post("/control/links?" + query)
                                .header("Host", "localhost")
                                .header("Origin", OWN))
                .andExpect(status().is(status))
                .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
                .andExpect(jsonPath("$.detail").value(sentence));
    }

    @ParameterizedTest
    @CsvSource({
        "'', is cut for 30 s",
        "'&lossPercent=10', is slowed by 0 ms and loses 10 % for 30 s",
        "'&delayMillis=50&seconds=5', is slowed by 50 ms and loses 0 % for 5 s"
    })
    void whoNamesADelayOrALossDoesNotCut(String fields, String words) throws Exception {
        mvc.perform(
                        post("/control/links?a=n1&b=n2" + fields)
                                .header("Host", "localhost")
                                .header("Origin", OWN))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.detail").value("The link between n1 and n2 " + words + "."));
    }

    @Test
    void aLinkIsShownAsTheNodesReportIt() {
        FakeNode n1 = nodes.all().getFirst();
        n1.links =
                Map.of(
                        "n3",
                        Map.of(
                                "drop",
                                true,
                                "delayMillis",
                                0,
                                "lossPercent",
                                0,
                                "leftMillis",
                                20_000));
        await().until(() -> hub.values().get("link.n1.n3").equals("cut"));
        assertThat(hub.values().get("link.n1.n3.text")).startsWith("cut, ends in ");

        n1.links = Map.of();
        await().until(() -> hub.values().get("link.n1.n3").equals("ok"));
    }

    @Test
    void aDeliveryThatIsHeldBackIsShown() {
        FakeNode n1 = nodes.all().getFirst();
        n1.hintsPaused = true;
        await().until(() -> hub.values().get("n1.hints").endsWith("; delivery paused"));

        n1.hintsPaused = false;
        await().until(() -> !hub.values().get("n1.hints").contains("paused"));
    }

    @Test
    void aFormIsAskedAboutBeforeItStopsAllWrites() throws Exception {
        FakeNode n3 = nodes.all().getLast();
        n3.links =
                Map.of(
                        "n1", Map.of("drop", true, "leftMillis", 20_000),
                        "n2", Map.of("drop", true, "leftMillis", 20_000));
        await().until(() -> watch.sight().up() == 2);
        try {
            for (String path :
                    List.of(
                            "/control/nodes/n1/restart",
                            "/control/nodes/n2/kill",
                            "/control/links?a=n2&b=n1&kind=cut&seconds=7")) {
                String page = body(form(path));
                assertThat(page).contains("This stops all writes").contains("rel=\"icon\"");
                mvc.perform(form(path).param("confirm", "yes")).andExpect(status().isFound());
            }
            mvc.perform(form("/control/links?a=n2&b=n1&delayMillis=1"))
                    .andExpect(status().isFound());
            assertThat(body(form("/control/links?a=n2&b=n1&seconds=7")))
                    .contains("name=\"seconds\" value=\"7\"")
                    .contains("Cut n2 and n1");
        } finally {
            n3.links = Map.of();
        }
    }

    private static MockHttpServletRequestBuilder form(String path) {
        return post(path)
                .header("Host", "localhost")
                .header("Origin", OWN)
                .accept(MediaType.TEXT_HTML);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://localhost:81"})
    void aPageOfSomebodyElseCannotSteer(String origin) throws Exception {
        for (String path :
                List.of(
                        "/control/nodes/n1/kill",
                        "/control/heal",
                        "/console",
                        "/control/scenarios/handoff")) {
            mvc.perform(post(path).header("Host", "localhost").header("Origin", origin))
                    .andExpect(status().isForbidden());
        }
        mvc.perform(delete("/control/links").header("Host", "localhost").header("Origin", origin))
                .andExpect(status().isForbidden());
    }

    @Test
    void aForeignHostIsRefusedEvenForReading() throws Exception {
        mvc.perform(get("http://evil.example/")).andExpect(status().isForbidden());
        mvc.perform(get("http://evil.example/events/state")).andExpect(status().isForbidden());
    }

    @Test
    void theStateForPollingHoldsEverything() throws Exception {
        mvc.perform(get("/events/state"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.values['health.level']").isNotEmpty())
                .andExpect(jsonPath("$.values['n1.keys']").value("1,204"))
                .andExpect(jsonPath("$.samples").isNotEmpty())
                .andExpect(jsonPath("$.timeline[0].text").isNotEmpty());
    }

    @Test
    void whatIsNotThereIsToldAsAProblem() throws Exception {
        mvc.perform(get("/nothing"))
                .andExpect(status().isNotFound())
                .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON));
    }

    @Test
    void anUnknownScenarioIsNotFound() throws Exception {
        mvc.perform(
                        post("/control/scenarios/nonsense")
                                .header("Host", "localhost")
                                .header("Origin", OWN))
                .andExpect(status().isNotFound())
                .andExpect(jsonPath("$.detail").isNotEmpty());
        mvc.perform(get("/control/scenarios/tombstone"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.promises[1]").value("P7"));
    }
}

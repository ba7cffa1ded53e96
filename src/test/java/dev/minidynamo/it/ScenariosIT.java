package dev.minidynamo.it;

import static dev.minidynamo.it.Chromium.seen;
import static dev.minidynamo.it.Chromium.violations;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The six scenarios on three real nodes, each of which must pass and leave the cluster whole. */
class ScenariosIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Nodes are started three times in a scenario, and a busy machine takes long for each. */
    private static final LocatorAssertions.HasAttributeOptions LONG =
            new LocatorAssertions.HasAttributeOptions().setTimeout(150_000);

    private static RealCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RealCluster.of(3).flags("--ae-interval=1s").startWithDashboard();
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tombstone", "cold-keys", "durability", "quorum-loss", "gray-failure"})
    void aScenarioPassesFromTheCommandLine(String name) throws IOException {
        Path report = cluster.folder().resolve(name + ".json");
        RealProcess command =
                RealProcess.start(
                        List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"),
                        List.of("scenario", name, "--json", "--url=" + cluster.dashboardUrl()),
                        Map.of(),
                        report);
        cluster.await("the scenario " + name + " has ended", () -> !command.alive());

        String text = Files.readString(report);
        assertThat(command.exitStatus()).as(text).isZero();
        passed(name, JSON.readTree(text));
    }

    @Test
    void aScenarioPassesFromThePageAndItsReportCanBeSaved() throws IOException {
        try (Chromium chromium = new Chromium()) {
            Page page = chromium.open(cluster.dashboardUrl() + "/");
            seen(page.locator("#stream")).hasAttribute("data-state", "live");
            Locator scenario = page.locator("#part-scenario-handoff");

            scenario.locator("button.primary").press("Enter");
            seen(scenario.locator("article")).hasAttribute("data-state", "running");
            seen(scenario.locator("article")).isFocused();
            scenario.locator(".steps summary").focus();
            seen(scenario.locator(".steps li").first()).isVisible();
            assertThat(violations(page)).isEmpty();
            seen(scenario.locator("article")).hasAttribute("data-state", "passed", LONG);
            seen(scenario.locator(".steps summary")).isFocused();
            seen(scenario.locator(".step").first()).containsText("passed in ");
            seen(scenario.locator(".verdict")).containsText("Passed: ");
            seen(page.locator(".node[data-condition=up]")).hasCount(3);
            seen(scenario.locator(".steps ul li").first()).isVisible();
            assertThat(violations(page)).isEmpty();
            Download download = page.waitForDownload(scenario.locator(".verdict a")::click);

            assertThat(download.suggestedFilename()).isEqualTo("scenario-handoff.json");
            try (InputStream saved = download.createReadStream()) {
                String text = new String(saved.readAllBytes(), StandardCharsets.UTF_8);
                passed("handoff", JSON.readTree(text));
            }
        }
    }

    private static void passed(String name, JsonNode report) {
        assertThat(report.path("scenario").asString("")).isEqualTo(name);
        assertThat(report.path("state").asString("")).isEqualTo("passed");
        assertThat(report.path("promises").size()).isPositive();
        for (JsonNode step : report.path("steps")) {
            assertThat(step.path("state").asString("")).isEqualTo("PASSED");
        }
        JsonNode last = report.path("steps").path(report.path("steps").size() - 1);
        assertThat(last.path("title").asString("")).isEqualTo("Everything is healed");
        assertThat(last.path("evidence").size()).isPositive();
        for (String node : cluster.ids()) {
            cluster.awaitReady(node);
            assertThat(cluster.alive(node)).isTrue();
            String healed = cluster.send("GET", cluster.url(node) + "/debug/ae", null).body();
            assertThat(JSON.readTree(healed).path("enabled").asBoolean(false)).isTrue();
        }
    }
}

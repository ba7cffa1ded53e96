package dev.minidynamo.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Scenarios on three real nodes, each of which must pass and leave the cluster whole. */
class ScenariosIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

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
    @ValueSource(strings = {"durability", "quorum-loss", "gray-failure"})
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

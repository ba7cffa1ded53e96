package dev.minidynamo.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

import java.net.http.HttpResponse;

/** Three real nodes with their dashboard and a browser, whole again before each test. */
abstract class DashboardCluster {

    static RealCluster cluster;
    static Chromium chromium;

    @BeforeAll
    static void start() {
        cluster = RealCluster.of(3).flags("--ae-interval=1s").startWithDashboard();
        chromium = new Chromium();
    }

    @AfterAll
    static void end() {
        chromium.close();
        cluster.close();
    }

    @BeforeEach
    void theClusterIsWhole() {
        post("/control/heal");
        cluster.ids().forEach(cluster::awaitReady);
        cluster.await(
                "the page calls the cluster whole", () -> state().contains("3 of 3 nodes up"));
    }

    @AfterEach
    void thePageAskedNobodyElseMadeNoMistakeAndKeptItsStream() {
        chromium.closePages();
        assertThat(chromium.foreignRequests()).isEmpty();
        assertThat(chromium.scriptErrors()).isEmpty();
        assertThat(chromium.brokenStreams()).isEmpty();
    }

    static DashboardPage live() {
        return live(new Browser.NewContextOptions());
    }

    static DashboardPage live(Browser.NewContextOptions options) {
        return DashboardPage.live(chromium, cluster.dashboardUrl(), options);
    }

    static HttpResponse<String> post(String path) {
        String url = cluster.dashboardUrl();
        return cluster.send("POST", url + path, "", "Origin", url);
    }

    static String state() {
        return cluster.send("GET", cluster.dashboardUrl() + "/events/state", null).body();
    }
}

package dev.minidynamo.it;

import static dev.minidynamo.it.Chromium.seen;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** A dashboard of its own over nodes that it does not own: read-only, and gone for a while. */
class ConsoleIT {

    private static final long A_WHILE_MILLIS = 2_000;

    private static RealCluster cluster;
    private static Chromium chromium;
    private static String url;

    @BeforeAll
    static void start() {
        cluster = RealCluster.of(3).start();
        chromium = new Chromium();
        url = "http://127.0.0.1:" + RealFolder.freePorts(1).getFirst();
    }

    @AfterAll
    static void end() {
        chromium.close();
        cluster.close();
    }

    private static RealProcess console(String... more) {
        List<String> arguments =
                new java.util.ArrayList<>(
                        List.of(
                                "console",
                                "--config=" + cluster.folder().resolve("nodes.json"),
                                "--listen=" + url.substring("http://".length())));
        arguments.addAll(List.of(more));
        RealProcess console =
                RealProcess.start(
                        List.of("-Xmx128m", "-XX:+UseSerialGC"),
                        arguments,
                        Map.of(),
                        cluster.folder().resolve("console.log"));
        cluster.await("the console sees the nodes", () -> seesAll(console));
        return console;
    }

    private static boolean seesAll(RealProcess console) {
        assertThat(console.alive()).isTrue();
        try {
            return cluster.send("GET", url + "/events/state", null)
                    .body()
                    .contains("3 of 3 nodes up");
        } catch (java.io.UncheckedIOException notYet) {
            return false;
        }
    }

    @Test
    void aReadOnlyDashboardShowsEverythingAndChangesNothing() {
        cluster.put("n1", "kept", "as it was");
        RealProcess console = console("--read-only");
        try {
            Page page = chromium.open(url + "/");
            seen(page.locator("#stream")).hasAttribute("data-state", "live");
            seen(page.locator(".read-only")).isVisible();
            seen(page.locator("#heal")).hasCount(0);
            seen(page.locator(".node form")).hasCount(0);
            seen(page.locator(".writes >> visible=true")).hasCount(0);

            page.locator("#console-key").fill("kept");
            page.locator("#console button[value=get]").click();
            seen(page.locator("#console-result .value")).hasText("as it was");

            for (String path :
                    List.of(
                            "/control/heal",
                            "/control/nodes/n2/kill",
                            "/control/scenarios/handoff",
                            "/control/samples",
                            "/console?operation=put&key=kept&value=other")) {
                assertThat(cluster.send("POST", url + path, "", "Origin", url).statusCode())
                        .as(path)
                        .isEqualTo(403);
            }
            assertThat(cluster.get("n2", "kept")).isEqualTo("as it was");
            assertThat(cluster.alive("n2")).isTrue();
        } finally {
            console.terminate();
        }
    }

    @Test
    void aPageWhoseDashboardIsGoneSaysSoAndGoesOnWhenItIsBack() {
        RealProcess console = console();
        try {
            Page page =
                    chromium.open(
                            url + "/",
                            new Browser.NewContextOptions(),
                            fresh -> fresh.clock().install());
            Locator stream = page.locator("#stream");
            seen(stream).hasAttribute("data-state", "live");

            console.kill();
            seen(page.locator("#stream-word")).hasText("reconnecting…");
            later(page, stream, "stale");
            seen(page.locator("#stream-word")).containsText("s old");
            seen(page.locator(".node[data-condition=up]")).hasCount(3);

            page.route("**/events", Route::abort);
            console = console();
            later(page, stream, "polling");
            seen(page.locator("#stream-word")).hasText("live, by polling");
            seen(page.locator(".node[data-condition=up]")).hasCount(3);

            page.unroute("**/events");
            later(page, stream, "live");
        } finally {
            console.terminate();
        }
    }

    /** Lets the page's clock run ahead of ours until it says this of its stream. */
    private static void later(Page page, Locator stream, String state) {
        cluster.await(
                "the stream is " + state,
                () -> {
                    page.clock().fastForward(A_WHILE_MILLIS);
                    return state.equals(stream.getAttribute("data-state"));
                });
    }
}

package dev.minidynamo.it;

import static dev.minidynamo.it.Chromium.seen;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ScreenshotAnimations;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Takes the pictures of the documentation, of a real cluster: {@code ./mvnw -Pscreenshots verify}.
 *
 * <p>The cluster looks as a reader's own does, if the ports of the project's nodes.json are free.
 */
@Tag("screenshots")
class ScreenshotsIT {

    private static final Path IMAGES = Path.of("docs", "images");
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 1080;
    private static final double SHARPNESS = 1.5;
    private static final int WRITES = 600;
    private static final int MISSED = 12;

    private static RealCluster cluster;
    private static Chromium chromium;

    @BeforeAll
    static void start() {
        cluster = RealCluster.of(3).asDelivered().startWithDashboard();
        chromium = new Chromium();
        String url = cluster.dashboardUrl();
        cluster.send("POST", url + "/control/samples", "", "Origin", url);
        for (int i = 0; i < WRITES; i++) {
            assertThat(cluster.put("n" + (1 + i % 3), "order:" + i % 100, "paid")).isEqualTo(204);
        }
        for (String id : cluster.ids()) {
            cluster.send("POST", cluster.url(id) + "/admin/snapshot", "");
        }
    }

    @AfterAll
    static void end() {
        chromium.close();
        cluster.close();
    }

    private static Page page(ColorScheme theme, int width, int height) {
        Page page =
                chromium.open(
                        cluster.dashboardUrl() + "/",
                        new Browser.NewContextOptions()
                                .setColorScheme(theme)
                                .setViewportSize(width, height)
                                .setDeviceScaleFactor(SHARPNESS));
        seen(page.locator("#stream")).hasAttribute("data-state", "live");
        seen(page.locator(".arcs")).hasCount(3);
        return page;
    }

    private static void take(Page page, String name) throws IOException {
        Files.createDirectories(IMAGES);
        Path file = IMAGES.resolve(name);
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)");
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setPath(file)
                        .setAnimations(ScreenshotAnimations.DISABLED));
        assertThat(file).isNotEmptyFile();
        assertThat(chromium.brokenStreams()).isEmpty();
    }

    @Test
    void thePicturesOfTheDashboard() throws IOException {
        take(wholeCluster(ColorScheme.LIGHT), "dashboard.png");
        take(wholeCluster(ColorScheme.DARK), "dashboard-dark.png");

        cluster.kill("n2");
        for (int i = 0; i < MISSED; i++) {
            assertThat(cluster.put("n1", "order:" + i, "while n2 is dead")).isEqualTo(204);
        }
        take(withHints(ColorScheme.LIGHT), "hints.png");
        take(withHints(ColorScheme.DARK), "hints-dark.png");
        Page narrow = page(ColorScheme.LIGHT, 360, 740);
        seen(narrow.locator(".sentence")).containsText("hints waiting");
        take(narrow, "narrow.png");
        cluster.restart("n2");
    }

    private static Page wholeCluster(ColorScheme theme) {
        Page page = page(theme, WIDTH, HEIGHT);
        seen(page.locator(".sentence")).containsText("3 of 3 nodes up");
        seen(page.locator(".field.snapshot dd", new Page.LocatorOptions().setHasText("ago")))
                .hasCount(3);
        lookUp(page, "sample:007");
        return page;
    }

    private static Page withHints(ColorScheme theme) {
        Page page = page(theme, WIDTH, HEIGHT);
        seen(page.locator("#node-n2")).hasAttribute("data-condition", "down");
        seen(page.locator("#node-n1 .field.hints dd")).hasText("n2: " + MISSED);
        lookUp(page, "order:7");
        return page;
    }

    private static void lookUp(Page page, String key) {
        page.locator("#lookup-key").fill(key);
        page.locator("#lookup-key").press("Enter");
        seen(page.locator("#lookup-result tbody tr")).hasCount(3);
    }
}

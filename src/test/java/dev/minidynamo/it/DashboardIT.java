package dev.minidynamo.it;

import static dev.minidynamo.it.Chromium.seen;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Pattern;

/** The dashboard in a real browser, over three real nodes. */
class DashboardIT {

    private static final Pattern LIVE = Pattern.compile("live");
    private static final String ODD = "<img src=x onerror=alert(1)>\"'&amp; \u00e9 \ud83e\udd84";
    private static final int NARROW = 360;

    private static RealCluster cluster;
    private static Chromium chromium;

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
    void thePageAskedNobodyElseAndMadeNoMistake() {
        chromium.closePages();
        assertThat(chromium.foreignRequests()).isEmpty();
        assertThat(chromium.scriptErrors()).isEmpty();
    }

    private static Page live() {
        Page page = chromium.open(cluster.dashboardUrl() + "/");
        seen(page.locator("#stream")).hasAttribute("data-state", LIVE);
        return page;
    }

    private static HttpResponse<String> post(String path) {
        String url = cluster.dashboardUrl();
        return cluster.send("POST", url + path, "", "Origin", url);
    }

    private static String state() {
        return cluster.send("GET", cluster.dashboardUrl() + "/events/state", null).body();
    }

    private static Locator card(Page page, String node) {
        return page.locator("#node-" + node);
    }

    private static void isIn(Page page, String node, String condition) {
        seen(card(page, node)).hasAttribute("data-condition", condition);
    }

    private static void operate(Page page, String operation, String key, String value) {
        page.locator("#console-key").fill(key);
        page.locator("#console-value").fill(value);
        page.locator("#console button[value=" + operation + "]").press("Enter");
    }

    private static Locator result(Page page) {
        return page.locator("#console-result");
    }

    @Test
    void theFreshPageIsLiveAndShowsTheWholeCluster() {
        Page page = live();

        seen(page.locator("#stream-word")).hasText("live");
        seen(page.locator(".sentence")).containsText("3 of 3 nodes up · writes OK (W=2)");
        seen(page.locator(".arcs")).hasCount(3);
        seen(page.locator(".node[data-condition=up]")).hasCount(3);
        seen(page.locator(".scenario")).hasCount(6);
        seen(page.locator(".chart canvas")).hasCount(4);
        seen(page.locator("#events li").first()).isVisible();
    }

    @Test
    void aKeyIsLookedUpAndMarkedOnTheRing() {
        cluster.put("n1", "cat", "miaow");
        Page page = live();
        seen(page.locator("#key-mark")).hasAttribute("visibility", "hidden");

        page.locator("#lookup-key").fill("cat");
        page.locator("#lookup-key").press("Enter");

        seen(page.locator("#lookup-result tbody tr")).hasCount(3);
        seen(page.locator("#lookup-result [data-answer=newest]").first()).isVisible();
        seen(page.locator("#key-mark")).hasAttribute("visibility", "visible");
    }

    @Test
    void aValueIsPutAndReadBackThroughTheConsole() {
        Page page = live();

        operate(page, "put", "by-page", "first");
        seen(result(page).locator(".outcome")).hasAttribute("data-good", "true");
        seen(result(page).locator("[data-answer=ack]").nth(1)).isVisible();
        seen(result(page).locator("tbody tr")).hasCount(3);
        assertThat(cluster.get("n3", "by-page")).isEqualTo("first");

        operate(page, "get", "by-page", "");
        seen(result(page).locator(".value")).hasText("first");

        operate(page, "delete", "by-page", "");
        seen(result(page).locator(".outcome")).hasAttribute("data-good", "true");
        assertThat(cluster.get("n2", "by-page")).isNull();
    }

    @Test
    void oddKeysAndValuesAreShownAsTheyAre() {
        Page page = live();

        operate(page, "put", ODD, ODD);
        seen(result(page).locator(".outcome")).hasAttribute("data-good", "true");
        operate(page, "get", ODD, "");
        seen(result(page).locator(".value")).hasText(ODD);
        page.locator("#keys-prefix").fill("<img");
        page.locator("#keys-prefix").press("Enter");
        Locator listed = page.locator("#keys-result a[data-lookup]");
        seen(listed).hasText(ODD);
        listed.click();

        seen(page.locator("#lookup-key")).hasValue(ODD);
        seen(page.locator("#lookup-result [data-answer=newest]").first()).isVisible();
        assertThat(page.locator("main img").count()).isZero();
    }

    @Test
    void aNodeKilledFromThePageMissesWritesAndGetsThemBackAsHints() throws Exception {
        Page page = live();
        long pid = cluster.processOf("n2").orElseThrow().pid();
        assertThat(exists(pid)).isTrue();

        page.getByLabel("Kill n2").click();
        isIn(page, "n2", "down");
        assertThat(exists(pid)).isFalse();
        assertThat(cluster.alive("n2")).isFalse();
        seen(page.locator(".sentence")).containsText("2 of 3 nodes up · writes OK (W=2) · n2 down");

        operate(page, "put", "missed-0", "while n2 was dead");
        seen(result(page).locator("[data-answer=hinted]")).hasCount(1);
        for (int i = 1; i < 7; i++) {
            assertThat(cluster.put("n1", "missed-" + i, "while n2 was dead")).isEqualTo(204);
        }
        seen(card(page, "n1").locator(".field.hints dd")).hasText("n2: 7");
        seen(page.locator(".sentence")).containsText("7 hints waiting");
        assertThat(cluster.send("GET", cluster.url("n1") + "/debug/hints", null).body())
                .contains("\"count\":7");
        seen(card(page, "n2").locator(".asof")).containsText("as of");

        page.getByLabel("Restart n2").click();
        isIn(page, "n2", "up");
        seen(card(page, "n1").locator(".field.hints dd")).hasText("none");
        seen(page.locator(".sentence")).containsText("no hints waiting");
        assertThat(cluster.processOf("n2").orElseThrow().pid()).isNotEqualTo(pid);
        assertThat(cluster.get("n2", "missed-6")).isEqualTo("while n2 was dead");
    }

    /** Asks ps, which knows nothing of the agent. */
    private static boolean exists(long pid) throws Exception {
        return new ProcessBuilder("ps", "-p", Long.toString(pid)).start().waitFor() == 0;
    }

    @Test
    void everythingIsDoneByKeyboardAlone() {
        Page page = live();
        page.keyboard().press("Tab");
        seen(page.locator(".skip")).isFocused();

        page.keyboard().press("2");
        seen(card(page, "n2")).isFocused();
        page.keyboard().press("s");
        isIn(page, "n2", "paused");
        page.keyboard().press("s");
        isIn(page, "n2", "up");

        page.keyboard().press("k");
        page.keyboard().type("typed");
        page.keyboard().press("Enter");
        seen(result(page).locator(".headline")).isVisible();
        page.keyboard().press("Escape");

        page.keyboard().press("?");
        seen(page.locator("#keys-help")).isVisible();
        page.keyboard().press("Escape");
        seen(page.locator("#keys-help")).isHidden();

        page.keyboard().press("t");
        seen(page.locator("#theme")).hasText("Theme: light");
        page.keyboard().press("h");
        seen(page.locator("#toasts")).containsText("Everything is being healed.");
    }

    @Test
    void withoutJavaScriptTheFormsDoTheSame() {
        Page page =
                chromium.open(
                        cluster.dashboardUrl() + "/",
                        new Browser.NewContextOptions().setJavaScriptEnabled(false));
        seen(page.locator(".node[data-condition=up]")).hasCount(3);
        seen(page.locator("#stream")).isHidden();

        operate(page, "put", "plain", "form");
        seen(result(page).locator("[data-answer=ack]").nth(1)).isVisible();
        operate(page, "get", "plain", "");
        seen(result(page).locator(".value")).hasText("form");
        page.locator("#lookup-key").fill("plain");
        page.locator("#lookup button").first().press("Enter");
        seen(page.locator("#lookup-result tbody tr")).hasCount(3);

        page.getByLabel("Kill n3").press("Enter");
        seen(page.locator("#toasts")).containsText("n3 was killed");
        cluster.await(
                "the page, loaded again, shows n3 down",
                () -> {
                    page.reload();
                    return "down".equals(page.locator("#node-n3").getAttribute("data-condition"));
                });
        page.getByLabel("Pause n2").press("Enter");
        seen(page.locator("h1")).hasText("This stops all writes");
        page.getByText("Leave it running").press("Enter");
        page.locator("#heal").press("Enter");
        seen(page.locator("#toasts")).containsText("Everything is being healed.");
        cluster.awaitReady("n3");
        assertThat(cluster.alive("n3")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void axeFindsNoViolation(ColorScheme theme) {
        Page page =
                chromium.open(
                        cluster.dashboardUrl() + "/",
                        new Browser.NewContextOptions().setColorScheme(theme));
        seen(page.locator("#stream")).hasAttribute("data-state", LIVE);
        operate(page, "put", "seen-by-axe", "value");
        seen(result(page).locator(".outcome")).isVisible();
        page.locator("#lookup-key").fill("seen-by-axe");
        page.locator("#lookup-key").press("Enter");
        seen(page.locator("#lookup-result tbody tr")).hasCount(3);
        page.locator("#ring summary").click();
        page.getByLabel("Pause n3").click();
        isIn(page, "n3", "paused");
        seen(page.locator(".toast")).hasCount(0);

        List<String> violations =
                new AxeBuilder(page)
                        .analyze().getViolations().stream()
                                .map(rule -> rule.getId() + ": " + rule.getNodes())
                                .toList();

        assertThat(violations).isEmpty();
    }

    @Test
    void aNarrowScreenNeedsNoSidewaysScrolling() {
        Page page =
                chromium.open(
                        cluster.dashboardUrl() + "/",
                        new Browser.NewContextOptions().setViewportSize(NARROW, 740));
        seen(page.locator("#stream")).hasAttribute("data-state", LIVE);
        operate(page, "put", "a-rather-long-key-for-such-a-narrow-screen", "v".repeat(200));
        seen(result(page).locator(".outcome")).isVisible();
        page.locator("#lookup-key").fill("a-rather-long-key-for-such-a-narrow-screen");
        page.locator("#lookup-key").press("Enter");
        seen(page.locator("#lookup-result tbody tr")).hasCount(3);
        page.locator("#ring summary").click();
        page.locator("#figures-view summary").click();

        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(NARROW);
    }
}

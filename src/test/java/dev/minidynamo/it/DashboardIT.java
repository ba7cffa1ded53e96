package dev.minidynamo.it;

import static dev.minidynamo.it.Chromium.seen;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import java.util.List;

/** The dashboard in a real browser, over three real nodes. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DashboardIT extends DashboardCluster {

    private static final String ODD = "<img src=x onerror=alert(1)>\"'&amp; \u00e9 \ud83e\udd84";

    /** What a browser opens to one host over HTTP/1.1. */
    private static final int CONNECTIONS_OF_A_BROWSER = 6;

    private static final int LONGEST_VALUE_BYTES = 1 << 20;

    @Test
    @Order(1)
    void anEmptyClusterSaysWhatToDoAndItsKeysAreListedPageByPage() {
        DashboardPage page = live();
        Locator rows = page.find("#keys-result tbody tr");
        seen(page.find("#keys-result .empty p")).hasText("No keys yet.");

        page.find("#keys-result .empty button").click();
        seen(page.find("#toasts")).containsText("100 of 100 sample keys were stored.");
        seen(rows).hasCount(25);
        seen(rows.first()).containsText("sample:000");
        page.find("#keys-result form button").click();

        seen(rows.first()).containsText("sample:025");
        seen(rows).hasCount(25);
    }

    @Test
    void theFreshPageIsLiveAndShowsTheWholeCluster() {
        DashboardPage page = live();

        seen(page.find("#stream-word")).hasText("live");
        seen(page.find(".sentence")).containsText("3 of 3 nodes up · writes OK (W=2)");
        seen(page.find(".arcs")).hasCount(3);
        seen(page.find(".node[data-condition=up]")).hasCount(3);
        seen(page.find(".scenario")).hasCount(6);
        seen(page.find(".chart canvas")).hasCount(4);
        seen(page.find("#events li").first()).isVisible();

        page.find(".legend a[data-node=n2]").focus();
        seen(page.find(".arcs[data-on]")).hasAttribute("data-node", "n2");
        seen(page.find(".arcs:not([data-on])").first()).hasCSS("opacity", "0.14");
        page.find("#ring summary").click();
        seen(page.visible("#ring tbody tr")).hasCount(3);
        page.find("#figures-view summary").click();
        seen(page.visible("#figures tbody tr").first()).isVisible();
    }

    @Test
    void aKeyIsLookedUpAndMarkedOnTheRing() {
        cluster.put("n1", "cat", "miaow");
        DashboardPage page = live();
        seen(page.find("#key-mark")).hasAttribute("visibility", "hidden");

        page.lookUp("cat");

        assertThat(page.find("#lookup-result tbody td:first-child").allTextContents())
                .containsExactly("1", "2", "3");
        seen(page.find("#lookup-result [data-answer=newest]").first()).isVisible();
        seen(page.find("#key-mark")).hasAttribute("visibility", "visible");
    }

    @Test
    void aValueIsPutAndReadBackThroughTheConsole() {
        DashboardPage page =
                live(
                        new Browser.NewContextOptions()
                                .setPermissions(List.of("clipboard-read", "clipboard-write")));

        page.succeed("put", "by-page", "first");
        seen(page.result().locator("[data-answer=ack]").nth(1)).isVisible();
        seen(page.result().locator("tbody tr")).hasCount(3);
        assertThat(cluster.get("n3", "by-page")).isEqualTo("first");

        page.succeed("get", "by-page", "");
        seen(page.result().locator(".value")).hasText("first");
        page.result().locator("[data-copy]").click();
        seen(page.find("#toasts")).containsText("Copied.");
        assertThat(page.page().evaluate("navigator.clipboard.readText()").toString())
                .startsWith("curl ")
                .contains(cluster.url("n1") + "/kv?key=by-page");

        page.succeed("delete", "by-page", "");
        assertThat(cluster.get("n2", "by-page")).isNull();
        page.lookUp("by-page");
        seen(page.find("#lookup-result").getByText("deleted").first()).isVisible();
    }

    @Test
    void theConsoleTakesTheChosenNodeQuorumAndFormat() {
        DashboardPage page = live();
        page.find("#console select[name=node]").selectOption("n3");
        page.find("#console select[name=w]").selectOption("3");

        page.find("#console input[value=hex]").check();
        page.succeed("put", "bytes", "00 ff 10");
        seen(page.result().locator(".headline")).containsText("3 of 3 needed");
        seen(page.result().locator(".curl code")).containsText(cluster.url("n3"));
        page.succeed("get", "bytes", "");
        seen(page.result().locator(".value")).hasText("00 ff 10");

        page.find("#console input[value=json]").check();
        page.operate("put", "document", "{\"half\":");
        seen(page.result().locator(".headline")).containsText("The value is no JSON");
    }

    @Test
    void oddKeysAndValuesAreShownAsTheyAre() {
        DashboardPage page = live();

        page.succeed("put", ODD, ODD);
        page.operate("get", ODD, "");
        seen(page.result().locator(".value")).hasText(ODD);
        page.find("#keys-prefix").fill("<img");
        page.find("#keys-prefix").press("Enter");
        Locator listed = page.find("#keys-result a[data-lookup]");
        seen(listed).hasCount(1);
        seen(listed).hasText(ODD);
        listed.press("Enter");

        seen(page.find("#lookup-key")).hasValue(ODD);
        seen(page.find("#lookup-result [data-answer=newest]").first()).isVisible();
        assertThat(page.find("main img").count()).isZero();
    }

    @Test
    void aRequestIsReplayedOnTheRing() {
        DashboardPage page = live();
        Locator play = page.find("[data-trace-do=play]");
        Locator steps = page.find(".trace ol > li");
        page.succeed("put", "traced", "value");
        page.find(".trace summary").click();

        page.find("[data-trace-do=step]").click();
        seen(steps.first()).hasAttribute("aria-current", "step");
        play.click();
        seen(play).hasText("Pause");
        seen(page.find("#messages circle").first()).isVisible();
        play.click();
        seen(play).hasText("Go on");
        page.find("[data-trace-slow]").uncheck();
        play.click();

        seen(steps.last()).hasAttribute("aria-current", "step");
        seen(play).hasText("Replay on the ring");
    }

    @Test
    void aNodeKilledFromThePageMissesWritesAndGetsThemBackAsHints() throws Exception {
        DashboardPage page = live();
        long pid = cluster.processOf("n2").orElseThrow().pid();
        assertThat(exists(pid)).isTrue();

        page.labelled("Kill n2").click();
        page.isIn("n2", "down");
        assertThat(exists(pid)).isFalse();
        assertThat(cluster.alive("n2")).isFalse();
        seen(page.find(".sentence")).containsText("2 of 3 nodes up · writes OK (W=2) · n2 down");

        cluster.awaitDown("n1", "n2"); // before, the answer may come before the hint for n2
        cluster.awaitDown("n3", "n2");
        page.operate("put", "missed-0", "while n2 was dead");
        seen(page.result().locator("[data-answer=hinted]")).hasCount(1);
        for (int i = 1; i < 7; i++) {
            assertThat(cluster.put("n1", "missed-" + i, "while n2 was dead")).isEqualTo(204);
        }
        seen(page.card("n1").locator(".field.hints dd")).hasText("n2: 7");
        seen(page.find(".sentence")).containsText("7 hints waiting");
        assertThat(cluster.send("GET", cluster.url("n1") + "/debug/hints", null).body())
                .contains("\"count\":7");
        seen(page.card("n2").locator(".asof")).containsText("as of");
        page.lookUp("missed-0");
        seen(page.find("#lookup-result [data-answer=unreachable]")).hasCount(1);
        seen(page.find("#lookup-result")).containsText("hint for n2");

        page.labelled("Restart n2").click();
        page.isIn("n2", "up");
        seen(page.card("n1").locator(".field.hints dd")).hasText("none");
        seen(page.find(".sentence")).containsText("no hints waiting");
        assertThat(cluster.processOf("n2").orElseThrow().pid()).isNotEqualTo(pid);
        assertThat(cluster.get("n2", "missed-6")).isEqualTo("while n2 was dead");
        assertThat(state())
                .containsPattern("\"marks\":.*\"node\":\"n2\",\"what\":\"down\"")
                .containsPattern("\"marks\":.*\"node\":\"n2\",\"what\":\"up\"");
    }

    /** Asks ps, which knows nothing of the agent. */
    private static boolean exists(long pid) throws Exception {
        return new ProcessBuilder("ps", "-p", Long.toString(pid)).start().waitFor() == 0;
    }

    @Test
    void aNodeThatDiesByItselfIsShownAsSuchAndStartedAgain() {
        DashboardPage page = live();

        cluster.processOf("n3").orElseThrow().destroyForcibly();

        seen(page.find("#events").getByText("ended by itself, exit status 137")).isVisible();
        seen(page.find("#events").getByText("is up after").first()).isVisible();
        page.isIn("n3", "up");
    }

    @Test
    void linksAreCutAndSlowedAndHealBySelfOrByOneButton() {
        DashboardPage page = live();
        Locator line = page.find(".link[data-a=n1][data-b=n3]");

        page.disturb("cut", "n1", "n2", 60);
        seen(page.find(".link[data-a=n1][data-b=n2]")).hasAttribute("data-state", "cut");
        seen(page.visible(".link-list li")).containsText("cut, ends in");
        page.disturb("cut", "n2", "n3", 60);
        page.isIn("n2", "cut-off");
        seen(page.find("#heal .badge")).hasText("2");
        page.find("#heal").click();
        page.isIn("n2", "up");
        seen(page.visible(".link-list li")).hasCount(0);

        page.disturb("slow", "n1", "n3", 2);
        seen(line).hasAttribute("data-state", "slow");
        seen(page.visible(".link-list li")).containsText("slow: +300 ms, 10 % lost");
        seen(line).hasAttribute("data-state", "ok");
    }

    @Test
    void eventsAreFilteredAndHalted() {
        DashboardPage page = live();
        Locator storage = page.visible("#events li[data-category=storage]");
        cluster.send("POST", cluster.url("n1") + "/admin/snapshot", "");
        cluster.send("POST", cluster.url("n1") + "/admin/compact", "");
        seen(storage.getByText("The index is on disk").first()).isVisible();
        seen(storage.getByText("of the log compacted").first()).isVisible();
        page.find("#timeline-tools input[value=storage]").uncheck();
        seen(storage).hasCount(0);

        Locator first = page.find("#events li").first();
        page.find("#timeline-pause").click();
        String before = first.textContent();
        post("/control/heal");
        seen(live().find("#events li").first()).containsText("every fault was ended");
        assertThat(first.textContent()).isEqualTo(before);
        page.find("#timeline-pause").click();
        seen(first).containsText("every fault was ended");
    }

    @Test
    void eventsThatComeTwiceOrOutOfOrderAreShownOnceEach() {
        DashboardPage page = live();

        page.page()
                .evaluate(
                        "import('/js/bus.js').then(({ tell }) => [9e15, 9e15 - 1, 9e15].forEach("
                                + "id => tell('timeline', { id, atMillis: 0, node: 'n1', kind:"
                                + " 'told', text: `as ${id}` })))");

        seen(page.find("#events").getByText("as 9000000000000000")).hasCount(1);
        seen(page.find("#events").getByText("as 8999999999999999")).hasCount(1);
    }

    private static void hide(Page page, boolean hidden) {
        page.evaluate(
                "hidden => { Object.defineProperty(document, 'hidden', {configurable: true, value:"
                        + " hidden}); document.dispatchEvent(new Event('visibilitychange')); }",
                hidden);
    }

    @Test
    void whatHappensWhileEventsAreHaltedAndTheStreamIsDownIsShownAfterwards() {
        DashboardPage page = live();
        page.find("#timeline-pause").click();
        hide(page.page(), true);
        post("/control/heal");
        hide(page.page(), false);
        cluster.put("n1", "after-the-gap", "value");
        DashboardPage other = live();
        seen(other.find("#events li").first()).containsText("every fault was ended");
        String newest = other.find("#events li").first().textContent();

        seen(page.find("#stream-word")).hasText("live");
        page.find("#timeline-pause").click();

        seen(page.find("#events").getByText(newest).first()).isVisible();
    }

    @Test
    void aTabThatNobodySeesTakesNoConnectionFromTheOthers() {
        DashboardPage first = live();
        hide(first.page(), true);
        for (int i = 0; i < CONNECTIONS_OF_A_BROWSER; i++) {
            Page tab = first.page().context().newPage();
            tab.navigate(cluster.dashboardUrl() + "/");
            seen(tab.locator("#stream-word")).hasText("live");
            if (i < CONNECTIONS_OF_A_BROWSER - 1) {
                hide(tab, true);
            } else {
                new DashboardPage(tab).succeed("put", "seventh", "value");
            }
        }
    }

    @Test
    void aKeyThatIsNoTextIsLookedUpAndReadByItsBytes() {
        String url = cluster.url("n1") + "/kv?key=odd-%FF%00";
        assertThat(cluster.send("PUT", url, "bytes").statusCode()).isEqualTo(204);
        DashboardPage page = live();
        page.find("#keys-prefix").fill("odd-");
        page.find("#keys-prefix").press("Enter");
        Locator listed = page.find("#keys-result a[data-lookup]");
        seen(listed).hasCount(1);
        listed.press("Enter");

        seen(page.find("#lookup-result [data-answer=newest]").first()).isVisible();
        page.find("#console button[value=get]").press("Enter");
        seen(page.result().locator(".value")).hasText("bytes");
    }

    @Test
    void theLongestValueIsTakenInHexAndReadingItSaysWhyItIsNotShown() {
        String form =
                "operation=put&key=long&format=hex&value=" + "00+".repeat(LONGEST_VALUE_BYTES);
        String url = cluster.dashboardUrl();
        String type = "application/x-www-form-urlencoded";

        var answer =
                cluster.send(
                        "POST",
                        url + "/console",
                        form,
                        "Origin",
                        url,
                        "X-Fragment",
                        "true",
                        "Content-Type",
                        type);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("data-good=\"true\"");
        DashboardPage page = live();
        page.succeed("get", "long", "");
        seen(page.result().locator(".unshown")).containsText("too long to be shown here (1.0 MiB)");
        seen(page.result().locator(".value")).hasCount(0);
    }
}

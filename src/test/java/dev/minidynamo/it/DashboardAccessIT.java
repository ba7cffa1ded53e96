package dev.minidynamo.it;

import static dev.minidynamo.it.Chromium.seen;
import static dev.minidynamo.it.Chromium.violations;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ReducedMotion;

import org.junit.jupiter.api.Test;

/** The dashboard without a mouse, a script, colours, motion or room. */
class DashboardAccessIT extends DashboardCluster {

    private static final int NARROW = 360;

    @Test
    void whoWantsLessMotionSeesTheStepsWithoutIt() {
        DashboardPage page =
                live(new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE));
        page.succeed("put", "calm", "value");
        page.page()
                .evaluate(
                        "new MutationObserver(() => document.body.dataset.moved ="
                                + " '').observe(document.getElementById('messages'), {childList:"
                                + " true})");
        page.find(".trace summary").click();
        page.find("[data-trace-slow]").uncheck();
        page.find("[data-trace-do=play]").click();

        seen(page.find(".trace ol > li").last()).hasAttribute("aria-current", "step");
        seen(page.find("body[data-moved]")).hasCount(0);
    }

    @Test
    void anActionLeavesTheFocusWhereItIs() {
        DashboardPage page = live();
        page.succeed("put", "focused", "value");
        seen(page.find("#console button[value=put]")).isFocused();

        page.find("#keys-prefix").fill("focused");
        page.find("#keys-prefix").press("Enter");
        seen(page.find("#keys-result a[data-lookup]")).hasCount(1);
        seen(page.find("#keys-prefix")).isFocused();
    }

    @Test
    void everythingIsDoneByKeyboardAlone() {
        DashboardPage page = live();
        page.press("Tab");
        seen(page.find(".skip")).isFocused();

        page.press("2");
        seen(page.card("n2")).isFocused();
        page.press("s");
        page.isIn("n2", "paused");
        page.press("s");
        page.isIn("n2", "up");

        page.press("k");
        page.page().keyboard().type("typed");
        page.press("Enter");
        seen(page.result().locator(".headline")).isVisible();
        page.press("Escape");

        page.press("?");
        seen(page.find("#keys-help")).isVisible();
        page.press("Escape");
        seen(page.find("#keys-help")).isHidden();

        page.press("t");
        seen(page.find("#theme")).hasText("Theme: light");
        page.press("h");
        seen(page.find("#toasts")).containsText("Everything is being healed.");
    }

    @Test
    void withoutJavaScriptTheFormsDoTheSame() {
        DashboardPage page =
                new DashboardPage(
                        chromium.open(
                                cluster.dashboardUrl() + "/",
                                new Browser.NewContextOptions().setJavaScriptEnabled(false)));
        seen(page.find(".node[data-condition=up]")).hasCount(3);
        seen(page.find("#stream")).isHidden();

        page.operate("put", "plain", "form");
        seen(page.result().locator("[data-answer=ack]").nth(1)).isVisible();
        page.operate("get", "plain", "");
        seen(page.result().locator(".value")).hasText("form");
        page.lookUp("plain");

        page.labelled("Kill n3").press("Enter");
        seen(page.find("#toasts")).containsText("n3 was killed");
        cluster.await(
                "the page, loaded again, shows n3 down",
                () -> {
                    page.page().reload();
                    return "down".equals(page.card("n3").getAttribute("data-condition"));
                });
        page.labelled("Pause n2").press("Enter");
        seen(page.find("h1")).hasText("This stops all writes");
        page.page().getByText("Leave it running").press("Enter");
        page.find("#heal").press("Enter");
        seen(page.find("#toasts")).containsText("Everything is being healed.");
        cluster.awaitReady("n3");
        assertThat(cluster.alive("n3")).isTrue();
    }

    @Test
    void aPageThatHasNotHeardFromTheClusterYetAsksAsWell() {
        cluster.pause("n3");
        cluster.await("n3 is seen paused", () -> state().contains("n3 paused"));
        Page page =
                chromium.open(
                        cluster.dashboardUrl() + "/",
                        new Browser.NewContextOptions(),
                        fresh -> fresh.route("**/events", neverAnswered -> {}));
        seen(page.locator("#stream")).isVisible();

        page.getByLabel("Kill n2").press("Enter");

        seen(page.locator("h1")).hasText("This stops all writes");
        assertThat(cluster.alive("n2")).isTrue();
    }

    @Test
    void axeFindsNoViolationInEitherThemeNorInTheDialogs() {
        DashboardPage page = live();
        page.succeed("put", "seen-by-axe", "value");
        page.lookUp("seen-by-axe");
        page.find(".trace summary").click();
        page.find("#ring summary").click();
        page.labelled("Pause n3").click();
        page.isIn("n3", "paused");
        seen(page.find(".toast")).hasCount(0);
        assertThat(violations(page.page())).isEmpty();

        page.labelled("Kill n2").click();
        seen(page.find("#confirm")).isVisible();
        seen(page.find("#confirm-yes")).hasText("Kill n2");
        assertThat(violations(page.page())).isEmpty();
        page.press("Enter");
        seen(page.find("#confirm")).isHidden();
        assertThat(cluster.alive("n2")).isTrue();

        page.press("?");
        seen(page.find("#keys-help")).isVisible();
        assertThat(violations(page.page())).isEmpty();
    }

    @Test
    void aNarrowScreenNeedsNoSidewaysScrolling() {
        DashboardPage page = live(new Browser.NewContextOptions().setViewportSize(NARROW, 740));
        page.succeed("put", "a-rather-long-key-for-such-a-narrow-screen", "v".repeat(200));
        page.lookUp("a-rather-long-key-for-such-a-narrow-screen");
        page.find("#ring summary").click();
        page.find("#figures-view summary").click();

        assertThat(page.page().evaluate("document.documentElement.scrollWidth")).isEqualTo(NARROW);
    }
}

package dev.minidynamo.it;

import static dev.minidynamo.it.Chromium.seen;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

/** The dashboard as a person uses it, in one page of a browser. */
record DashboardPage(Page page) {

    /** Opens it and waits until it is live. */
    static DashboardPage live(Chromium chromium, String url, Browser.NewContextOptions options) {
        Page page = chromium.open(url + "/", options);
        seen(page.locator("#stream")).hasAttribute("data-state", "live");
        return new DashboardPage(page);
    }

    Locator find(String selector) {
        return page.locator(selector);
    }

    /** What there is of it to be seen. */
    Locator visible(String selector) {
        return page.locator(selector + " >> visible=true");
    }

    Locator labelled(String label) {
        return page.getByLabel(label);
    }

    Locator card(String node) {
        return find("#node-" + node);
    }

    Locator result() {
        return find("#console-result");
    }

    void isIn(String node, String condition) {
        seen(card(node)).hasAttribute("data-condition", condition);
    }

    /** Sends a get, put or delete through the console. */
    void operate(String operation, String key, String value) {
        find("#console-key").fill(key);
        find("#console-value").fill(value);
        find("#console button[value=" + operation + "]").press("Enter");
    }

    /** The same, with an answer that is good. */
    void succeed(String operation, String key, String value) {
        operate(operation, key, value);
        seen(result().locator(".outcome")).hasAttribute("data-good", "true");
    }

    /** Looks a key up, on a cluster of three. */
    void lookUp(String key) {
        find("#lookup-key").fill(key);
        find("#lookup-key").press("Enter");
        seen(find("#lookup-result tbody tr")).hasCount(3);
    }

    /** Cuts or slows a link, as the page suggests it. */
    void disturb(String kind, String a, String b, int seconds) {
        find(".link-form select[name=a]").selectOption(a);
        find(".link-form select[name=b]").selectOption(b);
        find(".link-form input[name=seconds]").fill(Integer.toString(seconds));
        find(".link-form button[value=" + kind + "]").click();
    }

    void press(String... keys) {
        for (String key : keys) {
            page.keyboard().press(key);
        }
    }
}

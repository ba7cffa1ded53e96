package dev.minidynamo.it;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The Chromium of this machine, without a window, whose pages tell what they asked of other hosts
 * and which mistakes their scripts made.
 */
final class Chromium implements AutoCloseable {

    private static final double PATIENCE_MILLIS = 45_000;
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome");

    private final Playwright playwright = Playwright.create();
    private final Browser browser =
            playwright
                    .chromium()
                    .launch(
                            new BrowserType.LaunchOptions()
                                    .setExecutablePath(installed())
                                    .setChromiumSandbox(false));
    private final List<String> foreignRequests = new CopyOnWriteArrayList<>();
    private final List<String> scriptErrors = new CopyOnWriteArrayList<>();
    private final List<String> brokenStreams = new CopyOnWriteArrayList<>();

    Chromium() {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    }

    private static Path installed() {
        for (String folder : System.getenv("PATH").split(":")) {
            for (String name : NAMES) {
                Path program = Path.of(folder, name);
                if (Files.isExecutable(program)) {
                    return program;
                }
            }
        }
        throw new IllegalStateException(
                "No Chromium is installed; the pages are looked at with one of "
                        + NAMES
                        + " from the PATH.");
    }

    /** A page of its own, with nothing kept from any other. */
    Page open(String url, Browser.NewContextOptions options) {
        return open(url, options, page -> {});
    }

    /**
     * The same.
     *
     * @param prepare gets the page while it is still empty
     */
    Page open(String url, Browser.NewContextOptions options, Consumer<Page> prepare) {
        BrowserContext context = browser.newContext(options);
        context.setDefaultTimeout(PATIENCE_MILLIS);
        Page page = context.newPage();
        String host = URI.create(url).getHost();
        page.onRequest(request -> {
            if (!host.equals(URI.create(request.url()).getHost())) {
                foreignRequests.add(request.url());
            }
        });
        page.onPageError(scriptErrors::add);
        page.onDialog(dialog -> {
            scriptErrors.add("A script opened a dialog: " + dialog.message());
            dialog.dismiss();
        });
        page.onRequestFinished(request -> noteEnd(request, "the dashboard ended it"));
        page.onRequestFailed(request -> noteEnd(request, request.failure()));
        prepare.accept(page);
        page.navigate(url);
        return page;
    }

    private void noteEnd(Request request, String why) {
        boolean byThePage = why.equals("net::ERR_ABORTED");
        if (request.url().endsWith("/events") && !byThePage) {
            brokenStreams.add(why);
        }
    }

    Page open(String url) {
        return open(url, new Browser.NewContextOptions());
    }

    /** What is to be seen of an element; each assertion waits for it. */
    static LocatorAssertions seen(Locator element) {
        return PlaywrightAssertions.assertThat(element);
    }

    /** What the pages asked of any host but their own. */
    List<String> foreignRequests() {
        return foreignRequests;
    }

    /** Errors that no script caught, and dialogs, which no script of ours opens. */
    List<String> scriptErrors() {
        return scriptErrors;
    }

    /** Why event streams ended that no page closed. */
    List<String> brokenStreams() {
        return brokenStreams;
    }

    /** What axe finds on a page as it stands, in its light and its dark theme. */
    static List<String> violations(Page page) {
        List<String> found = new ArrayList<>();
        for (ColorScheme theme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(theme));
            new AxeBuilder(page)
                    .analyze()
                    .getViolations()
                    .forEach(
                            rule -> found.add(theme + " " + rule.getId() + ": " + rule.getNodes()));
        }
        return found;
    }

    /** Closes every page. */
    void closePages() {
        List.copyOf(browser.contexts()).forEach(BrowserContext::close);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}

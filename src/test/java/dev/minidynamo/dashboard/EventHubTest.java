package dev.minidynamo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.request;

import dev.minidynamo.agent.Fleet;
import dev.minidynamo.agent.HttpControl;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;

import org.junit.jupiter.api.Test;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The event stream of a page that takes what it is sent when the test lets it. */
class EventHubTest {

    private static final int MANY = 4 * EventHub.QUEUE;

    private static final int PATIENCE_SECONDS = 30;

    private final Thread tester = Thread.currentThread();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final Timeline timeline = new Timeline();
    private final EventHub hub = hub(timeline);

    private static EventHub hub(Timeline timeline) {
        ClusterConfig.Member member =
                new ClusterConfig.Member(new NodeId("n1"), "127.0.0.1:1", "", null);
        ClusterConfig config = new ClusterConfig("demo", List.of(member), 64, 1, 1, 1);
        Fleet fleet = Fleet.ofAgents(config, new HttpControl(null, null));
        return new EventHub(
                new ClusterWatch(config, fleet, new NodeHttp(null, null, null)), timeline);
    }

    /** Holds what the stream's own thread writes back until the page reads. */
    private final class Held extends ServletOutputStream {

        private final ServletOutputStream out;

        Held(ServletOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int oneByte) throws IOException {
            if (!Thread.currentThread().equals(tester)) {
                awaitReading();
            }
            out.write(oneByte);
        }

        private void awaitReading() throws IOException {
            try {
                if (!reading.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new IOException("the page has not read");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {}
    }

    private MvcResult connected() throws Exception {
        Filter slow =
                (request, response, chain) ->
                        chain.doFilter(
                                request,
                                new HttpServletResponseWrapper((HttpServletResponse) response) {
                                    @Override
                                    public ServletOutputStream getOutputStream()
                                            throws IOException {
                                        return new Held(super.getOutputStream());
                                    }
                                });
        return MockMvcBuilders.standaloneSetup(new EventsController(hub))
                .addFilters(slow)
                .build()
                .perform(get("/events"))
                .andExpect(request().asyncStarted())
                .andReturn();
    }

    private static String told(MvcResult page) throws IOException {
        return page.getResponse().getContentAsString();
    }

    @Test
    void aPageThatFallsBehindGetsTheWholeStateAndStaysConnected() throws Exception {
        MvcResult page = connected();
        hub.changed("scenario/handoff");
        for (int i = 0; i < MANY; i++) {
            timeline.add("n1", "hints", "hint stored", "event " + i);
        }
        reading.countDown();

        await().until(() -> told(page).contains("event " + (MANY - 1)));
        assertThat(Pattern.compile("event:snapshot").matcher(told(page)).results()).hasSize(2);
        assertThat(told(page)).contains("\"parts\":{\"scenario/handoff\":");
        timeline.add("n1", "hints", "hint stored", "one more");
        await().until(() -> told(page).contains("one more"));
    }

    @Test
    void everyStreamEndsAtOnceWhenTheDashboardStops() throws Exception {
        MvcResult page = connected();
        reading.countDown();
        await().until(() -> told(page).contains("event:snapshot"));

        hub.closing();

        assertThat(page.getAsyncResult(5_000)).isNull();
    }
}

package dev.minidynamo.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import static dev.minidynamo.runtime.TransportFixture.FINGERPRINT;
import static dev.minidynamo.runtime.TransportFixture.N2;
import static dev.minidynamo.runtime.TransportFixture.N3;
import static dev.minidynamo.runtime.TransportFixture.first;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.BatchAnswer;
import dev.minidynamo.protocol.BatchCodec;
import dev.minidynamo.protocol.BatchHeader;
import dev.minidynamo.protocol.DataMark;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Reply.Failure;
import dev.minidynamo.protocol.Reply.Reason;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Whatever a peer does to a POST, each request ends as exactly one reply. */
class HttpTransportFaultTest {

    private static final String TYPE = "application/octet-stream";

    private WireMockServer peer;
    private TransportFixture node;

    @BeforeEach
    void start() {
        peer = new WireMockServer(options().dynamicPort().http2PlainDisabled(true));
        peer.start();
        node = new TransportFixture(TransportOptions.defaults().withSecret("s3cret"), peer.port());
    }

    @AfterEach
    void stop() {
        node.close();
        peer.stop();
        assertThat(node.bugs).isEmpty();
    }

    private void peerAnswers(ResponseDefinitionBuilder response) {
        peer.resetAll();
        peer.stubFor(any(anyUrl()).willReturn(response));
    }

    private static ResponseDefinitionBuilder replies(NodeId sender, Reply... replies) {
        BatchHeader header =
                new BatchHeader(sender, FINGERPRINT, 1, System.currentTimeMillis(), DataMark.NONE);
        byte[] body =
                new BatchCodec().encode(new BatchAnswer.Replies(header, List.of(replies)), 1 << 20);
        return aResponse().withStatus(200).withHeader("Content-Type", TYPE).withBody(body);
    }

    private static void assertFailed(Reply reply, Failure failure) {
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed ->
                                assertThat(failed.failure())
                                        .as(failed.detail())
                                        .isEqualTo(failure));
    }

    @Test
    void aReplyComesBack() throws InterruptedException {
        peerAnswers(replies(N2, new Reply.Pong(9, true, -1, DataMark.NONE)));

        assertThat(first(node.ping(N2, 5_000)))
                .isEqualTo(new Reply.Pong(9, true, -1, DataMark.NONE));
        peer.verify(
                postRequestedFor(urlEqualTo("/internal/batch"))
                        .withHeader("Authorization", equalTo("Bearer s3cret")));
    }

    @Test
    void manyRequestsShareOneConnection() throws InterruptedException {
        peerAnswers(replies(N2, new Reply.Done()));
        for (int i = 0; i < 30; i++) {
            assertThat(first(node.ping(N2, 5_000))).isEqualTo(new Reply.Done());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 302, 400, 404, 413, 500, 502, 503})
    void anErrorStatusIsABrokenExchange(int status) throws InterruptedException {
        peerAnswers(aResponse().withStatus(status).withHeader("Location", "/elsewhere"));

        assertFailed(first(node.ping(N2, 5_000)), Failure.BROKEN);
        peer.verify(1, postRequestedFor(anyUrl()));
    }

    @Test
    void noProxyIsAskedFor() throws InterruptedException {
        ProxySelector before = ProxySelector.getDefault();
        List<URI> asked = new CopyOnWriteArrayList<>();
        ProxySelector.setDefault(new Asked(asked));
        try {
            peerAnswers(replies(N2, new Reply.Done()));
            assertThat(first(node.ping(N2, 5_000))).isEqualTo(new Reply.Done());
            assertThat(asked).isEmpty();
        } finally {
            ProxySelector.setDefault(before);
        }
    }

    /** A setting of proxies that notes who looks at it. */
    private static final class Asked extends ProxySelector {

        private final List<URI> asked;

        Asked(List<URI> asked) {
            this.asked = asked;
        }

        @Override
        public List<Proxy> select(URI uri) {
            asked.add(uri);
            return List.of(Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            asked.add(uri);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void aWrongSecretIsARefusal(int status) throws InterruptedException {
        peerAnswers(aResponse().withStatus(status));

        assertThat(first(node.ping(N2, 5_000)))
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.detail()).contains("dynamo.secret"));
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aBrokenConnectionIsABrokenExchange(Fault fault) throws InterruptedException {
        peerAnswers(aResponse().withFault(fault));

        assertFailed(first(node.ping(N2, 5_000)), Failure.BROKEN);
    }

    @Test
    void theNextRequestAfterABrokenOneWorks() throws InterruptedException {
        peerAnswers(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
        assertFailed(first(node.ping(N2, 5_000)), Failure.BROKEN);
        peerAnswers(replies(N2, new Reply.Done()));

        assertThat(first(node.ping(N2, 5_000))).isEqualTo(new Reply.Done());
    }

    @Test
    void anEmptyAnswerIsABrokenExchange() throws InterruptedException {
        peerAnswers(aResponse().withStatus(200));
        assertFailed(first(node.ping(N2, 5_000)), Failure.BROKEN);
    }

    @Test
    void anAnswerThatIsNoMessageIsABrokenExchange() throws InterruptedException {
        peerAnswers(aResponse().withStatus(200).withBody("<html>It works!</html>"));
        assertFailed(first(node.ping(N2, 5_000)), Failure.BROKEN);
    }

    @Test
    void aTruncatedMessageIsABrokenExchange() throws InterruptedException {
        byte[] body =
                new BatchCodec()
                        .encode(new BatchAnswer.Refusal(Reason.OVERLOADED, "a long sentence"), 100);
        peerAnswers(aResponse().withStatus(200).withBody(java.util.Arrays.copyOf(body, 12)));
        assertFailed(first(node.ping(N2, 5_000)), Failure.BROKEN);
    }

    @Test
    void anAnswerOfTheWrongLengthOrSenderIsABrokenExchange() throws InterruptedException {
        peerAnswers(replies(N2, new Reply.Done(), new Reply.Done()));
        assertFailed(first(node.ping(N2, 5_000)), Failure.BROKEN);
        peerAnswers(replies(N3, new Reply.Done()));
        assertFailed(first(node.ping(N2, 5_000)), Failure.BROKEN);
    }

    @Test
    void anAnswerLongerThanAllowedIsNotRead() throws InterruptedException {
        try (TransportFixture small =
                new TransportFixture(
                        new TransportOptions(1000, 256, 1 << 20, 1 << 20, 100, null, null),
                        peer.port())) {
            peerAnswers(aResponse().withStatus(200).withBody(new byte[101]));
            assertFailed(first(small.ping(N2, 5_000)), Failure.BROKEN);
        }
    }

    @Test
    @DisplayName("A peer that hangs costs the request its time and no more (P12)")
    void aPeerThatHangsCostsTheRequestItsTime() throws InterruptedException {
        peerAnswers(replies(N2, new Reply.Done()).withFixedDelay(3_000));
        long began = System.nanoTime();

        BlockingQueue<Reply> replies = node.ping(N2, 200);

        assertFailed(first(replies), Failure.TIMEOUT);
        assertThat(System.nanoTime() - began).isBetween(150_000_000L, 2_000_000_000L);
        peerAnswers(replies(N2, new Reply.Done()));
        assertThat(first(node.ping(N2, 5_000))).isEqualTo(new Reply.Done());
        assertThat(replies).isEmpty();
    }

    @Test
    void aSlowDripIsCutOff() throws InterruptedException {
        peerAnswers(replies(N2, new Reply.Done()).withChunkedDribbleDelay(20, 10_000));
        assertFailed(first(node.ping(N2, 200)), Failure.TIMEOUT);
    }

    @Test
    @DisplayName("A request that waited behind a hung one is known to be unsent (P2)")
    void aRequestThatNeverLeftItsQueueIsKnownToBeUnsent() throws InterruptedException {
        peerAnswers(replies(N2, new Reply.Done()).withFixedDelay(3_000));
        BlockingQueue<Reply> hung = node.ping(N2, 1_000);
        org.awaitility.Awaitility.await()
                .until(() -> !peer.findAll(postRequestedFor(anyUrl())).isEmpty());
        BlockingQueue<Reply> waiting = node.ping(N2, 200);

        assertFailed(first(waiting), Failure.NOT_SENT);
        assertFailed(first(hung), Failure.TIMEOUT);
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aRefusalOfTheWholeBatchAnswersEachRequest(CapturedOutput output)
            throws InterruptedException {
        byte[] body =
                new BatchCodec()
                        .encode(
                                new BatchAnswer.Refusal(Reason.RING_MISMATCH, "the ring of n2"),
                                1000);
        peerAnswers(aResponse().withStatus(200).withBody(body));

        assertThat(first(node.ping(N2, 5_000)))
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> {
                            assertThat(refused.reason()).isEqualTo(Reason.RING_MISMATCH);
                            assertThat(refused.detail())
                                    .contains("the ring of n2")
                                    .contains("the ring of n1");
                        });
        first(node.ping(N2, 5_000));
        assertThat(node.transport.otherRings()).containsExactly(N2);
        assertThat(output.getAll()).containsOnlyOnce("n2 has another ring");

        peerAnswers(replies(N2, new Reply.Done()));
        first(node.ping(N2, 5_000));
        assertThat(node.transport.otherRings()).isEmpty();
    }

    @Test
    void aPeerThatIsNotThereIsUnreachable() throws InterruptedException, IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (TransportFixture lonely = new TransportFixture(TransportOptions.defaults(), port)) {
            assertFailed(first(lonely.ping(N2, 5_000)), Failure.UNREACHABLE);
        }
    }

    @Test
    void aNodeThatIsNotInTheRingIsNotSentTo() throws InterruptedException {
        assertFailed(first(node.ping(new NodeId("n9"), 100)), Failure.NOT_SENT);
    }

    @Test
    @DisplayName("A peer that hangs delays nobody else (P12)")
    void aPeerThatHangsDelaysNobodyElse() throws InterruptedException {
        WireMockServer healthy =
                new WireMockServer(options().dynamicPort().http2PlainDisabled(true));
        healthy.start();
        try (TransportFixture three =
                new TransportFixture(TransportOptions.defaults(), peer.port(), healthy.port())) {
            peerAnswers(replies(N2, new Reply.Done()).withFixedDelay(4_000));
            healthy.stubFor(any(anyUrl()).willReturn(replies(N3, new Reply.Done())));
            List<BlockingQueue<Reply>> hung = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                hung.add(three.ping(N2, 2_000));
            }

            assertThat(first(three.ping(N3, 1_500))).isEqualTo(new Reply.Done());

            for (BlockingQueue<Reply> replies : hung) {
                assertThat(first(replies)).isInstanceOf(Reply.Failed.class);
            }
        } finally {
            healthy.stop();
        }
    }
}

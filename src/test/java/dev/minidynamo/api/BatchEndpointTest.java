package dev.minidynamo.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.BatchAnswer;
import dev.minidynamo.protocol.BatchCodec;
import dev.minidynamo.protocol.BatchHeader;
import dev.minidynamo.protocol.DataMark;
import dev.minidynamo.protocol.MalformedMessageException;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Reply.Reason;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.RequestBatch;
import dev.minidynamo.protocol.Transport.Priority;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Two nodes with real web servers: what one posts, the other answers. */
class BatchEndpointTest {

    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");

    private static TestNode first;
    private static TestNode second;
    private final BatchCodec codec = new BatchCodec();

    @BeforeAll
    static void start() {
        ClusterConfig config = TestNode.cluster(2);
        first = new TestNode(config, N1, ApiOptions.defaults());
        second = new TestNode(config, N2, ApiOptions.defaults());
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
        assertThat(first.bugs).isEmpty();
        assertThat(second.bugs).isEmpty();
    }

    @AfterEach
    void heal() {
        second.replica.silent = false;
        second.faults.heal();
    }

    private BatchAnswer post(BatchHeader header, int timeoutMillis, Request... requests)
            throws IOException, MalformedMessageException {
        List<RequestBatch.Item> items = new ArrayList<>();
        for (Request request : requests) {
            items.add(new RequestBatch.Item(timeoutMillis, Priority.CLIENT, request));
        }
        byte[] body = codec.encode(new RequestBatch(header, items));
        RawHttp.Answer answer = RawHttp.send(second.port(), "POST", "/internal/batch", "", body);
        assertThat(answer.status()).isEqualTo(200);
        return codec.decodeAnswer(answer.body(), answer.body().length);
    }

    private static BatchHeader header(NodeId sender, long fingerprint, long wallMillis) {
        return new BatchHeader(sender, fingerprint, 0, wallMillis, DataMark.NONE);
    }

    private static BatchHeader good() {
        return header(N1, first.ring.fingerprint(), System.currentTimeMillis());
    }

    @Test
    void aWriteThroughOneNodeIsReadThroughTheOther() throws IOException {
        byte[] value = "world".getBytes(StandardCharsets.UTF_8);
        assertThat(RawHttp.send(first.port(), "PUT", "/kv/hello", "", value).status())
                .isEqualTo(204);

        RawHttp.Answer answer = RawHttp.send(second.port(), "GET", "/kv/hello", "", new byte[0]);

        assertThat(answer.text()).isEqualTo("world");
        assertThat(answer.header("Dynamo-Replicas")).isEqualTo("n1=newest n2=newest");
        await().until(() -> second.replica.cells.containsKey(Key.utf8("hello")));
    }

    @Test
    void repliesComeInTheOrderOfTheRequests() throws Exception {
        Request[] pings =
                IntStream.range(0, 100).mapToObj(i -> new Request.Ping(i)).toArray(Request[]::new);
        BatchAnswer answer = post(good(), 1_000, pings);
        assertThat(answer).isInstanceOf(BatchAnswer.Replies.class);
        assertThat(((BatchAnswer.Replies) answer).replies()).hasSize(100);
    }

    @Test
    void anEmptyBatchIsAnswered() throws Exception {
        assertThat(post(good(), 1_000)).isInstanceOf(BatchAnswer.Replies.class);
    }

    @Test
    void anotherRingIsRefusedWithItsDescription() throws Exception {
        BatchAnswer answer =
                post(header(N1, 1, System.currentTimeMillis()), 1_000, new Request.Ping(1));
        assertThat(answer)
                .isEqualTo(new BatchAnswer.Refusal(Reason.RING_MISMATCH, second.ring.describe()));
    }

    @Test
    void aStrangerIsRefused() throws Exception {
        BatchHeader stranger =
                header(new NodeId("n9"), first.ring.fingerprint(), System.currentTimeMillis());
        assertThat(post(stranger, 1_000, new Request.Ping(1)))
                .isInstanceOfSatisfying(
                        BatchAnswer.Refusal.class,
                        refusal -> assertThat(refusal.detail()).contains("n9"));
    }

    @Test
    @DisplayName("A message that was under way for more than a minute is refused (P7)")
    void anOldMessageIsRefused() throws Exception {
        BatchHeader old = header(N1, first.ring.fingerprint(), System.currentTimeMillis() - 61_000);
        assertThat(post(old, 1_000, new Request.Inspect(Key.utf8("cat"))))
                .isInstanceOfSatisfying(
                        BatchAnswer.Refusal.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.STALE_MESSAGE));
    }

    @Test
    void whatIsNotDoneInItsTimeIsSaidToBeOverdue() throws Exception {
        second.replica.silent = true;
        BatchAnswer answer = post(good(), 100, new Request.Ping(1), new Request.Ping(2));
        assertThat(((BatchAnswer.Replies) answer).replies())
                .hasSize(2)
                .allSatisfy(reply ->
                        assertThat(reply)
                                .isInstanceOfSatisfying(
                                        Reply.Refused.class,
                                        refused ->
                                                assertThat(refused.reason())
                                                        .isEqualTo(Reason.DEADLINE_PASSED)));
    }

    @Test
    @DisplayName("A cut link is cut in both directions (P12)")
    void aCutLinkLosesWhatArrives() throws IOException {
        second.faults.put(N1, true, 0, 0, 60);
        byte[] value = "v".getBytes(StandardCharsets.UTF_8);
        RawHttp.Answer answer = RawHttp.send(first.port(), "PUT", "/kv/cut?timeout=200", "", value);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text()).contains("\"acknowledged\":1");
    }
}

package dev.minidynamo.runtime;

import static dev.minidynamo.runtime.TransportFixture.N1;
import static dev.minidynamo.runtime.TransportFixture.N2;
import static dev.minidynamo.runtime.TransportFixture.first;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.BatchAnswer;
import dev.minidynamo.protocol.BatchCodec;
import dev.minidynamo.protocol.DataMark;
import dev.minidynamo.protocol.MalformedMessageException;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Reply.Failure;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.RequestBatch;
import dev.minidynamo.protocol.Transport.Priority;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * Batching, priorities, bounds and fault rules of the transport, towards a peer that keeps count.
 */
class HttpTransportTest {

    private final BatchCodec codec = new BatchCodec();
    private final List<RequestBatch> batches = new CopyOnWriteArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private volatile boolean gated;
    private HttpServer peer;
    private TransportFixture node;

    @BeforeEach
    void start() throws IOException {
        peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        peer.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        peer.createContext(
                "/internal/batch",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    byte[] answer = answer(body);
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        peer.start();
        node = new TransportFixture(TransportOptions.defaults(), peer.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        gate.countDown();
        node.close();
        peer.stop(0);
        assertThat(node.bugs).isEmpty();
    }

    private byte[] answer(byte[] body) throws IOException {
        try {
            RequestBatch batch = codec.decodeRequests(body, body.length);
            batches.add(batch);
            if (gated) {
                gate.await();
            }
            List<Reply> replies = new ArrayList<>();
            for (RequestBatch.Item item : batch.items()) {
                long wallMillis =
                        item.request() instanceof Request.Ping ping ? ping.wallMillis() : 0;
                replies.add(new Reply.Pong(wallMillis, true, -1, DataMark.NONE));
            }
            return codec.encode(
                    new BatchAnswer.Replies(TransportFixture.identity(N2).header(), replies),
                    1 << 20);
        } catch (MalformedMessageException | InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static Request.Write write(int valueBytes) {
        Cell cell =
                new Cell.Live(
                        new Version(1, N1, 1),
                        new byte[valueBytes],
                        "application/json",
                        Cell.NEVER);
        return new Request.Write(Key.utf8("k"), cell, Request.Cause.CLIENT, null);
    }

    private void holdTheFirstBatch() {
        gated = true;
        node.ping(N2, 10_000);
        await().until(() -> batches.size() == 1);
    }

    private void holdFourBatchesOfWrites() {
        gated = true;
        for (int held = 1; held <= 4; held++) {
            int count = held;
            node.send(N2, write(10), Priority.CLIENT, 10_000);
            await().until(() -> batches.size() == count);
        }
    }

    @Test
    void repliesFindTheirRequests() throws InterruptedException {
        List<BlockingQueue<Reply>> replies = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            replies.add(node.send(N2, new Request.Ping(i), Priority.CLIENT, 10_000));
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(first(replies.get(i))).isEqualTo(new Reply.Pong(i, true, -1, DataMark.NONE));
        }
    }

    @Test
    void whateverWaitsGoesInOnePost() throws InterruptedException {
        holdTheFirstBatch();
        List<BlockingQueue<Reply>> waiting = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            waiting.add(node.ping(N2, 10_000));
        }
        gate.countDown();
        for (BlockingQueue<Reply> reply : waiting) {
            first(reply);
        }
        assertThat(batches.stream().map(batch -> batch.items().size())).containsExactly(1, 256, 44);
    }

    @Test
    void writesLeaveInFourPostsButNotInAFifth() throws InterruptedException {
        holdFourBatchesOfWrites();
        List<BlockingQueue<Reply>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(node.send(N2, write(i), Priority.CLIENT, 10_000));
        }
        gated = false;
        first(node.ping(N2, 10_000)); // meanwhile a fifth would have come
        assertThat(writesByBatch()).containsExactly(1, 1, 1, 1);

        gate.countDown();

        for (BlockingQueue<Reply> reply : waiting) {
            first(reply);
        }
        assertThat(writesByBatch().stream().mapToInt(Integer::intValue).sum()).isEqualTo(24);
        assertThat(writesByBatch().size()).isLessThanOrEqualTo(8);
    }

    private List<Integer> writesByBatch() {
        return batches.stream()
                .map(RequestBatch::items)
                .filter(items -> items.getFirst().request() instanceof Request.Write)
                .map(List::size)
                .toList();
    }

    @Test
    void aBatchIsBoundedInBytes() throws InterruptedException {
        List<BlockingQueue<Reply>> replies = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            replies.add(node.send(N2, write(1 << 20), Priority.CLIENT, 10_000));
        }
        for (BlockingQueue<Reply> reply : replies) {
            first(reply);
        }
        assertThat(batches).allSatisfy(batch -> assertThat(batch.items().size()).isLessThan(4));
    }

    @Test
    void theQueueOfAPeerIsBoundedInBytes() throws InterruptedException {
        holdFourBatchesOfWrites();
        BlockingQueue<Reply> last = null;
        for (int i = 0; i < 40; i++) {
            last = node.send(N2, write(1 << 20), Priority.CLIENT, 10_000);
        }
        assertThat(first(last))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> {
                            assertThat(failed.failure()).isEqualTo(Failure.NOT_SENT);
                            assertThat(failed.detail()).contains("queue full");
                        });
        assertThat(node.transport.traffic().get(N2).queuedBytes()).isBetween(30L << 20, 32L << 20);
    }

    @Test
    void clientsDoNotWaitBehindBackgroundWork() throws InterruptedException {
        gated = true;
        node.send(N2, new Request.Ping(1), Priority.ANTI_ENTROPY, 10_000);
        await().until(() -> batches.size() == 1);
        gated = false;

        assertThat(first(node.send(N2, write(1), Priority.CLIENT, 5_000)))
                .isInstanceOf(Reply.Pong.class);
        assertThat(first(node.ping(N2, 5_000))).isInstanceOf(Reply.Pong.class);
    }

    @Test
    void hintsGoBeforeAntiEntropy() throws InterruptedException {
        gated = true;
        node.send(N2, new Request.Ping(1), Priority.ANTI_ENTROPY, 10_000);
        await().until(() -> batches.size() == 1);
        node.send(N2, new Request.Ping(2), Priority.ANTI_ENTROPY, 10_000);
        BlockingQueue<Reply> hint = node.send(N2, new Request.Ping(3), Priority.HINTS, 10_000);
        gate.countDown();
        first(hint);
        assertThat(batches.get(1).items().stream().map(RequestBatch.Item::priority))
                .containsExactly(Priority.HINTS, Priority.ANTI_ENTROPY);
    }

    @Test
    void theTimeLeftTravelsWithTheRequest() throws InterruptedException {
        first(node.ping(N2, 4_000));
        assertThat(batches.getFirst().items().getFirst().timeoutMillis()).isBetween(1_000, 4_000);
    }

    @Test
    void aCutLinkLosesMessagesUntilItHeals() throws InterruptedException {
        node.faults.put(N2, true, 0, 0, 60);
        assertThat(first(node.ping(N2, 100)))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> assertThat(failed.failure()).isEqualTo(Failure.TIMEOUT));
        assertThat(batches).isEmpty();
        node.faults.heal();
        assertThat(first(node.ping(N2, 5_000))).isInstanceOf(Reply.Pong.class);
    }

    @Test
    void aSlowLinkDelaysMessages() throws InterruptedException {
        node.faults.put(N2, false, 200, 0, 60);
        long began = System.nanoTime();
        assertThat(first(node.ping(N2, 5_000))).isInstanceOf(Reply.Pong.class);
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(200_000_000L);
    }

    @Test
    void warmingUpOpensTheConnectionOfEveryPost() {
        CountDownLatch warm = new CountDownLatch(1);
        gated = true;
        node.loop.execute(() -> node.transport.warmUp(10_000, warm::countDown));
        await().until(() -> batches.size() == 6);
        assertThat(warm.getCount()).isEqualTo(1);

        gate.countDown();

        await().until(() -> warm.getCount() == 0);
        assertThat(batches).allSatisfy(batch -> assertThat(batch.items()).hasSize(1));
    }
}

package dev.minidynamo.runtime;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.BatchHeader;
import dev.minidynamo.protocol.DataMark;
import dev.minidynamo.protocol.LinkFaults;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Transport.Priority;
import dev.minidynamo.protocol.WireIdentity;

import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A transport of node n1 on a loop of its own, towards peers that listen on given ports. */
final class TransportFixture implements AutoCloseable {

    static final NodeId N1 = new NodeId("n1");
    static final NodeId N2 = new NodeId("n2");
    static final NodeId N3 = new NodeId("n3");
    static final long FINGERPRINT = 42;

    final List<Throwable> bugs = new CopyOnWriteArrayList<>();
    final LinkFaults faults = new LinkFaults(true, System::nanoTime);
    final ThreadPoolTaskScheduler periodic = new ThreadPoolTaskScheduler();
    final EventLoop loop;
    final HttpTransport transport;

    TransportFixture(TransportOptions options, int... ports) {
        periodic.initialize();
        loop = new EventLoop("loop", periodic, bugs::add).start();
        transport = new HttpTransport(N1, loop, options);
        List<ClusterConfig.Member> members = new ArrayList<>();
        members.add(new ClusterConfig.Member(N1, "127.0.0.1:1", "", null));
        for (int i = 0; i < ports.length; i++) {
            NodeId id = new NodeId("n" + (i + 2));
            members.add(new ClusterConfig.Member(id, "127.0.0.1:" + ports[i], "", null));
        }
        transport.connect(new ClusterConfig("test", members, 8, 1, 1, 1), identity(N1), faults);
    }

    static WireIdentity identity(NodeId self) {
        return new WireIdentity() {
            @Override
            public BatchHeader header() {
                return new BatchHeader(
                        self, FINGERPRINT, 7, System.currentTimeMillis(), DataMark.NONE);
            }

            @Override
            public void observe(BatchHeader peer) {
                // nothing here looks at a clock
            }

            @Override
            public String ringDescription() {
                return "the ring of " + self;
            }
        };
    }

    /** Sends a request from the loop; the replies to it come into the queue. */
    BlockingQueue<Reply> send(NodeId to, Request request, Priority priority, long timeoutMillis) {
        BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
        loop.execute(() -> transport.send(to, request, priority, timeoutMillis, replies::add));
        return replies;
    }

    BlockingQueue<Reply> ping(NodeId to, long timeoutMillis) {
        return send(to, new Request.Ping(1), Priority.CLIENT, timeoutMillis);
    }

    static Reply first(BlockingQueue<Reply> replies) throws InterruptedException {
        Reply reply = replies.poll(20, TimeUnit.SECONDS);
        if (reply == null) {
            throw new AssertionError("a request was left without its reply");
        }
        return reply;
    }

    @Override
    public void close() {
        transport.close();
        loop.close();
        periodic.shutdown();
    }
}

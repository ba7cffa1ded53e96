package dev.minidynamo.api;

import dev.minidynamo.coordinator.CoordinatorOptions;
import dev.minidynamo.coordinator.CoordinatorPorts;
import dev.minidynamo.coordinator.Peers;
import dev.minidynamo.coordinator.QuorumCoordinator;
import dev.minidynamo.env.Clock;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.BatchHeader;
import dev.minidynamo.protocol.DataMark;
import dev.minidynamo.protocol.LinkFaults;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.RequestHandler;
import dev.minidynamo.protocol.Transport;
import dev.minidynamo.protocol.WireIdentity;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.runtime.EventLoop;
import dev.minidynamo.runtime.HttpTransport;
import dev.minidynamo.runtime.SystemClock;
import dev.minidynamo.runtime.TransportOptions;
import dev.minidynamo.version.HybridLogicalClock;

import jakarta.servlet.ServletContext;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A node with a real web server, loop, transport and coordinator, and a replica in memory. */
final class TestNode implements AutoCloseable {

    final MemoryReplica replica = new MemoryReplica();
    final LinkFaults faults = new LinkFaults(true, System::nanoTime);
    final EventLoop loop;
    final HttpTransport transport;
    final QuorumCoordinator coordinator;
    final Ring ring;
    final ClusterConfig config;
    final NodeId self;
    final Set<NodeId> down = ConcurrentHashMap.newKeySet();
    final List<Throwable> bugs = new CopyOnWriteArrayList<>();
    private final AtomicLong ahead = new AtomicLong();
    private final ThreadPoolTaskScheduler periodic = new ThreadPoolTaskScheduler();
    private final ConfigurableApplicationContext context;

    @Configuration(proxyBeanMethods = false)
    @Import({
        ApiConfiguration.class,
        ErrorAnswer.class,
        HealthController.class,
        InternalController.class,
        KeyValueController.class,
        LinkFaultController.class,
        ProblemHandler.class,
        SeedController.class
    })
    static class Application {}

    /** A cluster of one node. */
    static TestNode alone(ApiOptions options) {
        ClusterConfig config = cluster(1);
        return new TestNode(config, config.ids().getFirst(), options);
    }

    /** A cluster on free ports of this machine. */
    static ClusterConfig cluster(int nodes) {
        List<ClusterConfig.Member> members = new ArrayList<>();
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 1; i <= nodes; i++) {
                ServerSocket socket = new ServerSocket(0);
                held.add(socket);
                String address = "127.0.0.1:" + socket.getLocalPort();
                members.add(new ClusterConfig.Member(new NodeId("n" + i), address, "", null));
            }
            for (ServerSocket socket : held) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int quorum = nodes / 2 + 1;
        return new ClusterConfig("test", members, 16, nodes, quorum, quorum);
    }

    TestNode(ClusterConfig config, NodeId self, ApiOptions options) {
        this.config = config;
        this.self = self;
        this.ring = new Ring(config);
        periodic.initialize();
        loop = new EventLoop("loop-" + self, periodic, bugs::add).start();
        transport =
                new HttpTransport(
                        self, loop, TransportOptions.defaults().withSecret(options.secret()));
        Clock clock = new AdvancedClock();
        HybridLogicalClock hlc = new HybridLogicalClock(clock, 0);
        WireIdentity identity = identity(clock, hlc);
        transport.connect(config, identity, faults);
        coordinator =
                new QuorumCoordinator(
                        self,
                        config,
                        ring,
                        new CoordinatorPorts(clock, loop, this::send, peers(), hlc, 1),
                        CoordinatorOptions.defaults());
        String address = config.member(self).address();
        context =
                new SpringApplicationBuilder(Application.class)
                        .properties(
                                "server.port=" + address.substring(address.indexOf(':') + 1),
                                "server.address=127.0.0.1",
                                "spring.main.register-shutdown-hook=false")
                        .initializers((GenericApplicationContext c) -> {
                            c.registerBean("loop", EventLoop.class, () -> loop);
                            c.registerBean(Clock.class, () -> clock);
                            c.registerBean(QuorumCoordinator.class, () -> coordinator);
                            c.registerBean(NodeView.class, () -> new NodeView(self, config, ring));
                            c.registerBean(ApiOptions.class, () -> options);
                            c.registerBean(WireIdentity.class, () -> identity);
                            c.registerBean(
                                    BatchEndpoint.class,
                                    () ->
                                            new BatchEndpoint(
                                                    loop,
                                                    clock,
                                                    identity,
                                                    replica,
                                                    faults,
                                                    config.ids()));
                            c.registerBean(RequestHandler.class, () -> replica);
                            c.registerBean(LinkFaults.class, () -> faults);
                        })
                        .run();
    }

    /** Lets the node believe that so much more time has passed. */
    void advance(Duration time) {
        ahead.addAndGet(time.toNanos());
    }

    /** The system's clock, ahead by what the test says. */
    private final class AdvancedClock implements Clock {

        private final Clock system = new SystemClock();

        @Override
        public long wallMillis() {
            return system.wallMillis();
        }

        @Override
        public long monotonicNanos() {
            return system.monotonicNanos() + ahead.get();
        }
    }

    /** The filters before every request. */
    Set<String> filters() {
        ServletContext servlets = context.getBean(ServletContext.class);
        return new TreeSet<>(servlets.getFilterRegistrations().keySet());
    }

    int port() {
        String address = config.member(self).address();
        return Integer.parseInt(address.substring(address.indexOf(':') + 1));
    }

    private WireIdentity identity(Clock clock, HybridLogicalClock hlc) {
        return new WireIdentity() {
            @Override
            public BatchHeader header() {
                return new BatchHeader(
                        self, ring.fingerprint(), hlc.last(), clock.wallMillis(), DataMark.NONE);
            }

            @Override
            public void observe(BatchHeader peer) {
                hlc.observe(peer.timestamp());
            }

            @Override
            public String ringDescription() {
                return ring.describe();
            }
        };
    }

    private void send(
            NodeId to,
            Request request,
            Transport.Priority priority,
            long timeoutMillis,
            Consumer<Reply> onReply) {
        if (to.equals(self)) {
            Consumer<Reply> once = once(onReply);
            loop.execute(() -> replica.handle(self, request, once));
            loop.after(
                    timeoutMillis,
                    () ->
                            once.accept(
                                    new Reply.Failed(
                                            Reply.Failure.TIMEOUT, "the replica is silent")));
        } else {
            transport.send(to, request, priority, timeoutMillis, onReply);
        }
    }

    private static Consumer<Reply> once(Consumer<Reply> onReply) {
        boolean[] answered = {false};
        return reply -> {
            if (!answered[0]) {
                answered[0] = true;
                onReply.accept(reply);
            }
        };
    }

    private Peers peers() {
        return new Peers() {
            @Override
            public boolean isDown(NodeId node) {
                return down.contains(node);
            }

            @Override
            public boolean isOverdue(NodeId node) {
                return down.contains(node);
            }

            @Override
            public boolean mayStamp() {
                return true;
            }

            @Override
            public long clockAheadMillis() {
                return 0;
            }
        };
    }

    /** Ends the web server alone, in good order. */
    void endServing() {
        context.close();
    }

    @Override
    public void close() {
        endServing();
        transport.close();
        loop.close();
        periodic.shutdown();
    }
}

package dev.minidynamo.app;

import dev.minidynamo.node.Node;
import dev.minidynamo.protocol.LinkFaults;
import dev.minidynamo.runtime.HttpTransport;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Starts the node before the web server and stops it after, so that no request finds it closed.
 *
 * <p>The connections to the peers are opened before the node calls itself ready: the first request
 * to a cold peer can cost a second.
 */
@Component
class NodeLifecycle implements SmartLifecycle {

    private static final long WARM_UP_MILLIS = 300;

    /** For so long a node that has begun to serve goes on to compile what it runs. */
    private static final long COMPILING_SECONDS = 10;

    private final Node node;
    private final NodeLoop loop;
    private final HttpTransport transport;
    private final LinkFaults faults;
    private final StartShare share;
    private volatile boolean running;

    NodeLifecycle(
            Node node,
            NodeLoop loop,
            HttpTransport transport,
            LinkFaults faults,
            StartShare share) {
        this.node = node;
        this.loop = loop;
        this.transport = transport;
        this.faults = faults;
        this.share = share;
    }

    @Override
    public void start() {
        loop.run(ready -> {
            transport.connect(node.options().cluster(), node.identity(), faults);
            node.start(() -> transport.warmUp(WARM_UP_MILLIS, ready));
        });
        CompletableFuture.delayedExecutor(COMPILING_SECONDS, TimeUnit.SECONDS)
                .execute(share::giveBack);
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        loop.run(node::stop);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return 0;
    }
}

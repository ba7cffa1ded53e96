package dev.minidynamo.app;

import dev.minidynamo.node.Node;
import dev.minidynamo.protocol.LinkFaults;
import dev.minidynamo.runtime.HttpTransport;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Starts the node before the web server and stops it after, so that no request finds it closed.
 *
 * <p>The connections to the peers are opened before the node calls itself ready: the first request
 * to a cold peer can cost a second.
 */
@Component
class NodeLifecycle implements SmartLifecycle {

    private static final long WARM_UP_MILLIS = 300;

    private final Node node;
    private final NodeLoop loop;
    private final HttpTransport transport;
    private final LinkFaults faults;
    private volatile boolean running;

    NodeLifecycle(Node node, NodeLoop loop, HttpTransport transport, LinkFaults faults) {
        this.node = node;
        this.loop = loop;
        this.transport = transport;
        this.faults = faults;
    }

    @Override
    public void start() {
        loop.run(ready -> {
            transport.connect(node.options().cluster(), node.identity(), faults);
            node.start(() -> transport.warmUp(WARM_UP_MILLIS, ready));
        });
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

package dev.minidynamo.api;

import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.env.Sockets;

import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Serves the requests of which there are many on the event loop itself: those for a key, and the
 * batches of other nodes, as long as they are in the plain form.
 *
 * <p>A connection whose next request is anything else goes to Tomcat with what was read of it, and
 * stays there. So Tomcat alone decides what is legal, and the controllers answer whatever is not
 * plain. See {@code docs/decisions/plain-requests-on-the-event-loop.md}.
 */
final class PlainDoor implements SmartLifecycle {

    /**
     * After so long without a byte a connection is closed that has begun a request, or none yet.
     */
    static final int SILENCE_MILLIS = 20_000;

    /** After so long a connection is closed that has been answered and asks nothing more. */
    static final int REST_MILLIS = 600_000;

    static final long SILENCE_NANOS = SILENCE_MILLIS * 1_000_000L;
    static final long REST_NANOS = REST_MILLIS * 1_000_000L;

    private static final int SWEEP_MILLIS = 1_000;
    private static final int READ_BYTES = 64 * 1024;
    private static final String KEYS = KeyValueController.PATH;
    private static final String BATCH = "/internal/batch";

    private final Scheduler loop;
    private final Sockets sockets;
    private final Clock clock;
    private final Entrance entrance;
    private final PlainHandler keys;
    private final PlainHandler batches;
    private final BatchScheduling scheduling = new BatchScheduling();
    private final Set<PlainConnection> connections = new HashSet<>();
    private final byte[] read = new byte[READ_BYTES];
    private Scheduler.@Nullable Timer sweep;
    private @Nullable Runnable whenEmpty;
    private volatile boolean running;

    PlainDoor(
            Scheduler loop,
            Sockets sockets,
            Clock clock,
            Entrance entrance,
            PlainHandler keys,
            PlainHandler batches) {
        this.loop = loop;
        this.sockets = sockets;
        this.clock = clock;
        this.entrance = entrance;
        this.keys = keys;
        this.batches = batches;
    }

    /** Takes a new connection; called by any thread. */
    void accept(SocketChannel socket, DoorEndpoint endpoint) {
        loop.execute(() -> {
            if (whenEmpty != null) {
                endpoint.close(socket);
                return;
            }
            PlainConnection connection = new PlainConnection(this, socket, endpoint);
            try {
                connection.watchedBy(sockets.watch(socket, connection::ready));
                connections.add(connection);
            } catch (IOException e) {
                endpoint.close(socket);
            }
        });
    }

    void left(PlainConnection connection) {
        connections.remove(connection);
        if (whenEmpty != null && connections.isEmpty()) {
            whenEmpty.run();
        }
    }

    /** Who serves a request, or null if that is Tomcat. */
    @Nullable PlainHandler handler(PlainRequest request) {
        boolean posted = request.method().equals("POST");
        if (request.uri().startsWith(KEYS)) {
            return posted ? null : keys;
        }
        return posted && request.uri().equals(BATCH) ? batches : null;
    }

    @Nullable Problem refusal(PlainRequest request) {
        return entrance.refusal(
                new Entrance.Caller(
                        request.method(),
                        request.uri(),
                        null,
                        "http",
                        request.host(),
                        null,
                        request.authorization()));
    }

    /** Room for what is understood before anything else is read. */
    byte[] room() {
        return read;
    }

    long nanos() {
        return clock.monotonicNanos();
    }

    /** Counts the requests that are under way. */
    BatchScheduling scheduling() {
        return scheduling;
    }

    private void sweep() {
        long now = nanos();
        List.copyOf(connections).forEach(connection -> connection.endIfLate(now));
    }

    @Override
    public void start() {
        running = true;
        loop.execute(() -> sweep = loop.every(SWEEP_MILLIS, this::sweep));
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    /** Lets the requests under way end; no other is taken. Of all that ends, this is the first. */
    @Override
    public void stop(Runnable stopped) {
        running = false;
        loop.execute(() -> {
            if (sweep != null) {
                sweep.cancel();
            }
            whenEmpty = stopped;
            if (connections.isEmpty()) {
                stopped.run();
            } else {
                List.copyOf(connections).forEach(PlainConnection::closeAfterAnswer);
            }
        });
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}

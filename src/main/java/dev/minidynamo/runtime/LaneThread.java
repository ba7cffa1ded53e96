package dev.minidynamo.runtime;

import dev.minidynamo.protocol.BatchAnswer;
import dev.minidynamo.protocol.BatchCodec;
import dev.minidynamo.protocol.MalformedMessageException;
import dev.minidynamo.protocol.Reply.Failure;
import dev.minidynamo.protocol.Reply.Reason;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A platform thread of a lane: it posts one batch at a time and tells how that ended.
 *
 * <p>Encoding and decoding happen here, so that the event loop is not kept from its work. Whoever
 * waits for a hung peer is this thread alone.
 */
final class LaneThread {

    private static final Logger LOG = LoggerFactory.getLogger(LaneThread.class);
    private static final long IDLE_NANOS = 500_000_000L;
    private static final long BACKOFF_NANOS = 50_000_000L;

    private final Peer peer;
    private final TransportOptions options;
    private final BatchCodec codec;
    private final Consumer<LaneResult> ended;
    private final byte[] head;
    private final Thread thread;

    private volatile @Nullable LaneBatch next;
    private volatile boolean stopped;
    private volatile boolean aborted;
    private volatile @Nullable HttpConnection connection;
    private long lastUseNanos;
    private long lastFailureNanos;
    private @Nullable String lastFailure;

    /**
     * @param ended called on this thread for every batch, exactly once
     */
    LaneThread(
            String name,
            Peer peer,
            TransportOptions options,
            BatchCodec codec,
            Consumer<LaneResult> ended) {
        this.peer = peer;
        this.options = options;
        this.codec = codec;
        this.ended = ended;
        this.head = peer.head(options.secret());
        this.thread = Thread.ofPlatform().name(name).daemon(true).start(this::run);
    }

    /** Hands in a batch; only when the one before has ended. */
    void post(LaneBatch batch) {
        aborted = false;
        next = batch;
        LockSupport.unpark(thread);
    }

    /** Makes the batch under way end soon, by closing its connection. */
    void abort() {
        aborted = true;
        HttpConnection open = connection;
        if (open != null) {
            open.close();
        }
        LockSupport.unpark(thread);
    }

    void close() {
        stopped = true;
        abort();
    }

    private void run() {
        while (!stopped) {
            LaneBatch batch = next;
            if (batch == null) {
                LockSupport.park(this);
            } else {
                next = null;
                ended.accept(perform(batch));
            }
        }
    }

    private LaneResult perform(LaneBatch batch) {
        try {
            if (batch.delayMillis() > 0) {
                delay(batch.delayMillis());
            }
            HttpConnection open = connection();
            return open == null ? unreachable() : exchange(open, batch);
        } catch (RuntimeException bug) {
            LOG.error("Posting a batch to {} failed, which is a bug.", peer.id(), bug);
            disconnect();
            return new LaneResult.Broken(Failure.BROKEN, String.valueOf(bug));
        }
    }

    private void delay(int millis) {
        long until = System.nanoTime() + millis * 1_000_000L;
        for (long left = until - System.nanoTime();
                left > 0 && !aborted && !stopped;
                left = until - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    /** The open connection, or a new one, or null if there is none to be had. */
    private @Nullable HttpConnection connection() {
        HttpConnection open = connection;
        if (open != null && (open.closed() || (idle() && open.stale()))) {
            disconnect();
            open = null;
        }
        if (open != null) {
            return open;
        }
        if (lastFailure != null && System.nanoTime() - lastFailureNanos < BACKOFF_NANOS) {
            return null;
        }
        try {
            open = HttpConnection.connect(peer.host(), peer.port(), options);
            lastFailure = null;
            connection = open;
            return open;
        } catch (IOException e) {
            lastFailure = String.valueOf(e.getMessage());
            lastFailureNanos = System.nanoTime();
            return null;
        }
    }

    private boolean idle() {
        return System.nanoTime() - lastUseNanos > IDLE_NANOS;
    }

    private LaneResult unreachable() {
        return new LaneResult.Broken(
                Failure.UNREACHABLE,
                "no connection to "
                        + peer.id()
                        + " at "
                        + peer.host()
                        + ":"
                        + peer.port()
                        + ": "
                        + lastFailure);
    }

    private LaneResult exchange(HttpConnection open, LaneBatch batch) {
        byte[] body = codec.encode(batch.message(System.nanoTime()));
        try {
            HttpConnection.Response response = open.post(head, body);
            lastUseNanos = System.nanoTime();
            if (!open.reusable()) {
                disconnect();
            }
            return understood(response, batch, body.length);
        } catch (IOException e) {
            disconnect();
            return broken("the exchange with " + peer.id() + " broke off: " + e.getMessage());
        } catch (MalformedMessageException e) {
            disconnect();
            return broken(peer.id() + " answered with a " + e.getMessage());
        }
    }

    private LaneResult understood(HttpConnection.Response response, LaneBatch batch, int sentBytes)
            throws MalformedMessageException {
        if (response.status() == 401 || response.status() == 403) {
            return new LaneResult.Denied(
                    Reason.UNSUPPORTED,
                    peer.id()
                            + " refused this node's secret (HTTP "
                            + response.status()
                            + "); dynamo.secret must be the same on all nodes");
        }
        if (response.status() != 200) {
            return broken(peer.id() + " answered HTTP " + response.status());
        }
        BatchAnswer answer = codec.decodeAnswer(response.body(), response.length());
        if (answer instanceof BatchAnswer.Replies replies) {
            if (!replies.header().sender().equals(peer.id())) {
                return broken(
                        replies.header().sender()
                                + " answered at the address of "
                                + peer.id()
                                + "; nodes.json names a wrong address");
            }
            int expected = batch.requests().size();
            if (replies.replies().size() != expected) {
                return broken(
                        peer.id()
                                + " answered "
                                + expected
                                + " requests with "
                                + replies.replies().size()
                                + " replies");
            }
        }
        return new LaneResult.Answered(answer, sentBytes, response.length());
    }

    private static LaneResult broken(String detail) {
        return new LaneResult.Broken(Failure.BROKEN, detail);
    }

    private void disconnect() {
        HttpConnection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }
}

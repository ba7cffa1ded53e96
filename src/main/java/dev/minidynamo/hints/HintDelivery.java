package dev.minidynamo.hints;

import dev.minidynamo.env.Scheduler;
import dev.minidynamo.hints.Hint.State;
import dev.minidynamo.membership.Membership.Liveness;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Transport.Priority;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Sends the hints of one target, oldest first, a window at a time, while the target is up.
 *
 * <p>Each target has its own, so that a slow or stopped one delays no other. A window is sent when
 * every hint of the one before is answered; {@link DeliveryWindow} says how large and how soon.
 */
final class HintDelivery {

    /** Most bytes of values in one window. */
    private static final int MOST_WINDOW_BYTES = 1 << 20;

    /** How long a hint rests that the target refuses because of its timestamp. */
    private static final long REST_NANOS = 5_000_000_000L;

    /** What the delivery asks of its owner. */
    interface Owner {

        /** Whether a hint is too old to be delivered; if so, the owner sees to its end. */
        boolean dropIfExpired(Hint hint);

        /** The cell of a durable hint, or null if it is damaged; then the owner has dropped it. */
        @Nullable Cell read(Hint hint);

        /** Takes note that the target holds the hint's version or a newer one. */
        void delivered(Hint hint);

        /** Takes note that the target cannot read the hint. */
        void setAside(Hint hint);
    }

    private final NodeId target;
    private final HintPorts ports;
    private final HintOptions options;
    private final TargetCounters counters;
    private final Owner owner;
    private final DeliveryWindow window;

    private Deque<Hint> queue = new ArrayDeque<>();
    private final Deque<Hint> resting = new ArrayDeque<>();
    private boolean paused;
    private boolean closed;
    private int outstanding;
    private int sent;
    private int taken;
    private boolean turnedAway;
    private long sentNanos;
    private Scheduler.@Nullable Timer pause;

    HintDelivery(
            NodeId target,
            HintPorts ports,
            HintOptions options,
            TargetCounters counters,
            Owner owner) {
        this.target = target;
        this.ports = ports;
        this.options = options;
        this.counters = counters;
        this.owner = owner;
        this.window = new DeliveryWindow(options);
    }

    int window() {
        return window.size();
    }

    /** Queues a hint that has just become durable. */
    void add(Hint hint) {
        queue.addLast(hint);
    }

    void setPaused(boolean now) {
        paused = now;
        pump();
    }

    void close() {
        closed = true;
        endPause();
    }

    /** Takes note that the target is up again. */
    void targetUp() {
        window.reset();
        endPause();
        pump();
    }

    /** Brings back hints that have rested, and forgets those that need no delivery any more. */
    void keepHouse(int held) {
        long now = ports.clock().monotonicNanos();
        while (!resting.isEmpty() && resting.peekFirst().restsUntilNanos - now <= 0) {
            Hint hint = resting.removeFirst();
            if (hint.state == State.RESTING) {
                hint.state = State.WAITING;
                queue.addLast(hint);
            }
        }
        if (queue.size() > 2L * held + 1024) {
            Deque<Hint> kept = new ArrayDeque<>(held + 16);
            queue.stream().filter(hint -> hint.state == State.WAITING).forEach(kept::addLast);
            queue = kept;
        }
        pump();
    }

    /** Sends the next window if it may be sent now. */
    void pump() {
        if (closed || paused || outstanding > 0 || pause != null || queue.isEmpty()) {
            return;
        }
        if (ports.membership().liveness(target) != Liveness.UP) {
            return;
        }
        sentNanos = ports.clock().monotonicNanos();
        taken = 0;
        turnedAway = false;
        List<Request.Write> writes = new ArrayList<>();
        List<Hint> hints = new ArrayList<>();
        gather(hints, writes);
        sent = hints.size();
        outstanding = sent;
        for (int i = 0; i < sent; i++) {
            Hint hint = hints.get(i);
            ports.transport()
                    .send(
                            target,
                            writes.get(i),
                            Priority.HINTS,
                            options.timeoutMillis(),
                            reply -> answered(hint, reply));
        }
    }

    private void gather(List<Hint> hints, List<Request.Write> writes) {
        int bytes = 0;
        while (hints.size() < window.size() && bytes < MOST_WINDOW_BYTES && !queue.isEmpty()) {
            Hint hint = queue.removeFirst();
            if (hint.state != State.WAITING || owner.dropIfExpired(hint)) {
                continue;
            }
            Cell cell = owner.read(hint);
            if (cell != null) {
                hint.state = State.SENT;
                bytes += hint.recordBytes;
                hints.add(hint);
                writes.add(new Request.Write(hint.key, cell, Request.Cause.HINT, null));
            }
        }
    }

    private void answered(Hint hint, Reply reply) {
        if (closed) {
            return;
        }
        switch (reply) {
            case Reply.Written written -> acknowledged(hint);
            case Reply.Superseded superseded -> acknowledged(hint);
            case Reply.Refused refused -> refused(hint, refused);
            case Reply.Failed failed -> {
                counters.failed++;
                counters.lastProblem = failed.failure() + " " + failed.detail();
                turnAway(hint);
            }
            default -> {
                counters.refused++;
                counters.lastProblem = "an answer that belongs to no write";
                turnAway(hint);
            }
        }
        outstanding--;
        if (outstanding == 0) {
            windowAnswered();
        }
    }

    private void acknowledged(Hint hint) {
        taken++;
        counters.delivered++;
        owner.delivered(hint);
    }

    private void refused(Hint hint, Reply.Refused refused) {
        counters.refused++;
        counters.lastProblem = refused.reason() + " " + refused.detail();
        switch (refused.reason()) {
            case CLOCK_AHEAD -> rest(hint);
            case UNREADABLE, UNSUPPORTED -> {
                if (hint.state == State.SENT) {
                    owner.setAside(hint);
                }
            }
            default -> turnAway(hint);
        }
    }

    private void rest(Hint hint) {
        if (hint.state == State.SENT) {
            hint.state = State.RESTING;
            hint.restsUntilNanos = ports.clock().monotonicNanos() + REST_NANOS;
            resting.addLast(hint);
        }
    }

    private void turnAway(Hint hint) {
        turnedAway = true;
        if (hint.state == State.SENT) {
            hint.state = State.WAITING;
            queue.addLast(hint);
        }
    }

    private void windowAnswered() {
        long elapsed = ports.clock().monotonicNanos() - sentNanos;
        long millis =
                turnedAway && taken == 0
                        ? window.failed()
                        : window.answered(sent, elapsed, turnedAway);
        if (millis > 0) {
            pause =
                    ports.scheduler()
                            .after(
                                    millis,
                                    () -> {
                                        pause = null;
                                        pump();
                                    });
        } else {
            pump();
        }
    }

    private void endPause() {
        if (pause != null) {
            pause.cancel();
            pause = null;
        }
    }
}

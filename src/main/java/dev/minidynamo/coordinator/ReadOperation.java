package dev.minidynamo.coordinator;

import dev.minidynamo.coordinator.ReplicaAnswer.Answer;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Transport.Priority;
import dev.minidynamo.ring.PreferenceList;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One get, from its first request to the last repair.
 *
 * <p>All N replicas are asked. If the coordinator is one of them it looks at its own copy first and
 * sends that version along, so that a value crosses the wire only to whom it is new. It answers at
 * R answers; in strict mode the stale ones among them are repaired before. What answers late is
 * compared and repaired all the same, in the background.
 */
final class ReadOperation {

    private final QuorumCoordinator coordinator;
    private final Key key;
    private final OperationOptions options;
    private final Consumer<ReadOutcome> done;
    private final ReadQuorum quorum;
    private final boolean strict;
    private final long startedNanos;
    private final long startedMillis;
    private final List<Slot> slots = new ArrayList<>();
    private int unanswered;
    private boolean answered;
    private int bytes;
    private @Nullable Cell own;

    ReadOperation(
            QuorumCoordinator coordinator,
            Key key,
            OperationOptions options,
            Consumer<ReadOutcome> done) {
        this.coordinator = coordinator;
        this.key = key;
        this.options = options;
        this.done = done;
        this.startedNanos = coordinator.nanos();
        this.startedMillis = coordinator.wallMillis();
        int w = coordinator.config().w();
        this.strict = coordinator.isStrict(options, w);
        int holders = strict ? Math.max(options.quorum(), w) : 0;
        this.quorum = new ReadQuorum(options.quorum(), holders);
    }

    void start() {
        chooseReplicas(coordinator.ring().preferenceList(key));
        Slot local = null;
        for (Slot slot : slots) {
            if (slot.answer == Answer.PENDING) {
                quorum.asked();
                unanswered++;
                local = slot.node.equals(coordinator.self()) ? slot : local;
            }
        }
        if (quorum.state() == WriteQuorum.State.IMPOSSIBLE) {
            unavailable("too few of the key's replicas are up");
        } else if (local == null) {
            sendToOthers(null);
        } else {
            send(local, null);
        }
    }

    private void chooseReplicas(PreferenceList nodes) {
        int fallback = 0;
        List<NodeId> fallbacks = nodes.fallbacks();
        for (NodeId primary : nodes.primaries()) {
            Slot slot = new Slot(primary, null);
            slots.add(slot);
            if (!coordinator.peers().isDown(primary)) {
                continue;
            }
            slot.answer = Answer.DOWN;
            while (options.mode() == Mode.SLOPPY && fallback < fallbacks.size()) {
                NodeId candidate = fallbacks.get(fallback++);
                if (!coordinator.peers().isDown(candidate)) {
                    slots.add(new Slot(candidate, primary));
                    break;
                }
            }
        }
    }

    private void sendToOthers(@Nullable Version known) {
        for (Slot slot : slots) {
            if (slot.answer == Answer.PENDING && !slot.node.equals(coordinator.self())) {
                send(slot, known);
            }
        }
    }

    private void send(Slot slot, @Nullable Version known) {
        slot.sentNanos = coordinator.nanos();
        boolean hints = options.mode() == Mode.SLOPPY;
        coordinator.send(
                slot.node,
                new Request.Read(key, known, hints),
                Priority.CLIENT,
                leftMillis(),
                reply -> replied(slot, reply));
    }

    /** What is left of the request's time, at least 1. */
    private long leftMillis() {
        return Math.max(
                1, options.timeoutMillis() - (coordinator.nanos() - startedNanos) / 1_000_000);
    }

    private void replied(Slot slot, Reply reply) {
        unanswered--;
        slot.elapsedNanos = coordinator.nanos() - slot.sentNanos;
        switch (reply) {
            case Reply.Found(Cell cell) -> {
                int held = cell instanceof Cell.Live live ? live.value().length : 0;
                bytes += held;
                coordinator.counters().inFlightBytes += held;
                holds(slot, cell);
            }
            case Reply.Same() -> holds(slot, own);
            case Reply.Missing() -> holds(slot, null);
            case Reply.Refused(Reply.Reason reason, String detail) ->
                    failed(slot, Answer.REFUSED, reason + ": " + detail);
            case Reply.Failed(Reply.Failure failure, String detail) ->
                    failed(slot, Answer.FAILED, failure + ": " + detail);
            default -> failed(slot, Answer.FAILED, "unexpected answer " + reply);
        }
        if (slot.node.equals(coordinator.self())) {
            own = slot.cell;
            sendToOthers(own == null ? null : own.version());
        }
        settle();
    }

    private void holds(Slot slot, @Nullable Cell cell) {
        slot.cell = cell;
        slot.answer = Answer.NEWEST;
        if (cell != null) {
            coordinator.observe(cell.version());
        }
        quorum.answered(cell);
    }

    private void failed(Slot slot, Answer answer, String detail) {
        slot.answer = answer;
        slot.detail = detail;
        quorum.failed();
    }

    private void settle() {
        if (!answered) {
            if (strict && quorum.answered() >= quorum.needed()) {
                repairStale(true);
            }
            switch (quorum.state()) {
                case PENDING -> {}
                case REACHED -> answerWithWinner();
                case IMPOSSIBLE -> unavailable(quorum.missing());
            }
        }
        if (answered && unanswered == 0) {
            repairStale(false);
            coordinator.counters().inFlightBytes -= bytes;
            bytes = 0;
        }
    }

    private void answerWithWinner() {
        Cell winner = quorum.winner();
        if (winner instanceof Cell.Live live && !live.isDeadAt(coordinator.wallMillis())) {
            answer(new ReadOutcome.Value(live, answers(), strict));
        } else {
            answer(new ReadOutcome.NotFound(winner, answers(), strict));
        }
    }

    /** Ends the read without a value. */
    void unavailable(String why) {
        answer(
                new ReadOutcome.Unavailable(
                        why, quorum.answered(), quorum.needed(), answers(), strict));
    }

    private void answer(ReadOutcome outcome) {
        answered = true;
        coordinator.counters().read(options.mode(), outcome, coordinator.nanos() - startedNanos);
        done.accept(outcome);
    }

    /** Sends the winner to each primary that answered with less. */
    private void repairStale(boolean awaited) {
        Cell winner = quorum.winner();
        if (winner == null || coordinator.isTooOld(startedNanos, startedMillis)) {
            return;
        }
        for (Slot slot : slots) {
            boolean stale =
                    slot.answer == Answer.NEWEST && ReadQuorum.compare(slot.cell, winner) < 0;
            boolean sent = slot.repair != null && ReadQuorum.compare(slot.repair, winner) == 0;
            if (stale && !sent && slot.standsFor == null) {
                repair(slot, winner, awaited);
            }
        }
    }

    private void repair(Slot slot, Cell winner, boolean awaited) {
        if (!awaited && !coordinator.backgroundRepairStarts(winner.version())) {
            return;
        }
        slot.repair = winner;
        coordinator.counters().repairs++;
        if (awaited) {
            quorum.repairStarted();
        }
        coordinator.send(
                slot.node,
                new Request.Write(key, winner, Request.Cause.READ_REPAIR, null),
                Priority.CLIENT,
                awaited ? leftMillis() : options.timeoutMillis(),
                reply -> {
                    boolean done =
                            reply instanceof Reply.Written || reply instanceof Reply.Superseded;
                    if (awaited) {
                        quorum.repairEnded(winner, done);
                        settle();
                    } else {
                        coordinator.backgroundRepairEnded();
                    }
                });
    }

    private List<ReplicaAnswer> answers() {
        List<ReplicaAnswer> all = new ArrayList<>(slots.size());
        for (Slot slot : slots) {
            all.add(slot.toAnswer(quorum.winner()));
        }
        return all;
    }

    /** One replica of this read. */
    private static final class Slot {
        private final NodeId node;
        private final @Nullable NodeId standsFor;
        private Answer answer = Answer.PENDING;
        private @Nullable Cell cell;
        private @Nullable Cell repair;
        private String detail = "";
        private long sentNanos;
        private long elapsedNanos;

        Slot(NodeId node, @Nullable NodeId standsFor) {
            this.node = node;
            this.standsFor = standsFor;
        }

        /** {@link Answer#NEWEST} stands for any cell until the winner is known. */
        ReplicaAnswer toAnswer(@Nullable Cell winner) {
            Answer shown = answer;
            if (answer == Answer.NEWEST && winner == null) {
                shown = Answer.MISSING;
            } else if (answer == Answer.NEWEST && ReadQuorum.compare(cell, winner) < 0) {
                shown = Answer.STALE;
            }
            Version version = cell == null ? null : cell.version();
            return new ReplicaAnswer(node, standsFor, shown, version, elapsedNanos / 1_000, detail);
        }
    }
}

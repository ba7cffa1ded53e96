package dev.minidynamo.coordinator;

import dev.minidynamo.coordinator.ReplicaAnswer.Answer;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Transport.Priority;
import dev.minidynamo.ring.PreferenceList;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * One put or delete, from its stamp to the last replica's answer.
 *
 * <p>It answers at W acknowledgements; the other replica writes run on, and each primary that ends
 * without acknowledging gets a hint: on a fallback, whose hint counts in sloppy mode, or else
 * beside the coordinator's own data, where it does not count. The coordinator's own hint is kept by
 * another primary.
 *
 * <p>In strict mode a first round that finds a newer version among W answers is stamped again above
 * it. One more round is enough: W answers of the first meet every write that was acknowledged
 * before (2W &gt; N), so what supersedes the second is concurrent with it.
 */
final class WriteOperation {

    private static final long HINT_TIMEOUT_MILLIS = 500;

    private final QuorumCoordinator coordinator;
    private final WriteRequest request;
    private final OperationOptions options;
    private final PreferenceList nodes;

    /** The nodes that may still stand in for primaries; none in strict mode. */
    private List<NodeId> fallbacks;

    private Round round;
    private boolean answered;

    WriteOperation(QuorumCoordinator coordinator, WriteRequest request) {
        this.coordinator = coordinator;
        this.request = request;
        this.options = request.options();
        this.nodes = coordinator.ring().preferenceList(request.key());
        this.fallbacks = options.mode() == Mode.SLOPPY ? nodes.fallbacks() : List.of();
        this.round = new Round(1, stamp());
    }

    private Cell stamp() {
        return request.stamp().apply(coordinator.nextVersion());
    }

    int bytes() {
        return request.bytes();
    }

    Mode mode() {
        return options.mode();
    }

    long startedNanos() {
        return request.startedNanos();
    }

    boolean mayUseStandIns() {
        return !fallbacks.isEmpty();
    }

    private long leftMillis() {
        return request.leftMillis(coordinator.nanos());
    }

    /** A replica has until the client's deadline; one that is asked after it has as long again. */
    private long replicaTimeoutMillis() {
        long left = leftMillis();
        return left > 0 ? left : options.timeoutMillis();
    }

    void start() {
        round.start();
    }

    /**
     * Called when those who were asked have had their time: others are asked for the silent ones.
     * Whoever stands in is replaced in turn, while the client waits.
     *
     * @return whether to call again when those have had theirs
     */
    boolean standInsForSilent() {
        if (!fallbacks.isEmpty()) {
            round.standInsForSilent();
        }
        return !answered && !fallbacks.isEmpty();
    }

    private void answer(WriteOutcome outcome) {
        answered = true;
        coordinator.finished(this, outcome);
        request.done().accept(outcome);
    }

    /** The next of those that were heard in time, or else of those that are not down. */
    private @Nullable NodeId nextLiveFallback() {
        Peers peers = coordinator.peers();
        List<NodeId> live = new ArrayList<>(fallbacks);
        live.removeIf(peers::isDown);
        NodeId next = null;
        for (NodeId candidate : live) {
            if (next == null || (peers.isOverdue(next) && !peers.isOverdue(candidate))) {
                next = candidate;
            }
        }
        live.remove(next);
        fallbacks = live;
        return next;
    }

    private boolean strict() {
        return coordinator.isStrict(options, coordinator.config().r());
    }

    /** The sending of one version to all replicas. */
    private final class Round {
        private final int number;
        private final Cell cell;
        private final WriteQuorum quorum =
                new WriteQuorum(options.quorum(), nodes.primaries().size());
        private final List<Slot> slots = new ArrayList<>();
        private int hintsPending;
        private boolean superseded;
        private boolean waitsToStamp;
        private boolean diskFull;
        private int clockRefusals;

        Round(int number, Cell cell) {
            this.number = number;
            this.cell = cell;
        }

        void start() {
            List<Slot> down = new ArrayList<>();
            for (NodeId primary : nodes.primaries()) {
                Slot slot = new Slot(slots.size(), primary, null);
                slots.add(slot);
                if (coordinator.peers().isDown(primary)) {
                    slot.answer = Answer.DOWN;
                    down.add(slot);
                } else {
                    send(slot);
                }
            }
            down.forEach(this::replace);
            settle();
        }

        private void send(Slot slot) {
            quorum.asked(slot.place);
            slot.sentNanos = coordinator.nanos();
            Request.Write write =
                    new Request.Write(request.key(), cell, Request.Cause.CLIENT, slot.standsFor);
            coordinator.send(
                    slot.node,
                    write,
                    Priority.CLIENT,
                    replicaTimeoutMillis(),
                    reply -> replied(slot, reply));
        }

        private void replied(Slot slot, Reply reply) {
            slot.elapsedNanos = coordinator.nanos() - slot.sentNanos;
            switch (reply) {
                case Reply.Written() -> acknowledged(slot, Answer.ACK);
                case Reply.Superseded(Version current) -> {
                    coordinator.observe(current);
                    slot.version = current;
                    superseded = true;
                    acknowledged(slot, Answer.SUPERSEDED);
                }
                case Reply.Refused(Reply.Reason reason, String detail) -> {
                    diskFull |= reason == Reply.Reason.DISK_FULL;
                    clockRefusals += reason == Reply.Reason.CLOCK_AHEAD ? 1 : 0;
                    failed(slot, Answer.REFUSED, detail);
                    if (reason != Reply.Reason.CLOCK_AHEAD) {
                        replace(slot);
                    }
                }
                case Reply.Failed(Reply.Failure failure, String detail) -> {
                    failed(slot, Answer.FAILED, failure + ": " + detail);
                    replace(slot);
                }
                default -> {
                    failed(slot, Answer.FAILED, "unexpected answer " + reply);
                    replace(slot);
                }
            }
            hintForClockRefusals();
            settle();
        }

        /**
         * Where some replicas took a timestamp that others found too far ahead, the others get it
         * later; where none took it, the write never appears.
         */
        private void hintForClockRefusals() {
            boolean ended = slots.stream().noneMatch(slot -> slot.answer == Answer.PENDING);
            if (clockRefusals > 0 && ended && clockRefusals < slots.size()) {
                for (Slot slot : List.copyOf(slots)) {
                    if (slot.answer == Answer.REFUSED) {
                        replace(slot);
                    }
                }
            }
        }

        private void acknowledged(Slot slot, Answer answer) {
            quorum.acknowledged(slot.place);
            slot.answer = answer;
        }

        private void failed(Slot slot, Answer answer, String detail) {
            quorum.failed(slot.place);
            slot.answer = answer;
            slot.detail = detail;
        }

        /** Finds another holder for what {@code slot} did not take. */
        private void replace(Slot slot) {
            boolean tooOld = coordinator.isTooOld(startedNanos(), request.startedMillis());
            if (round != this || slot.replaced || tooOld) {
                return;
            }
            slot.replaced = true;
            NodeId primary = slot.standsFor == null ? slot.node : slot.standsFor;
            NodeId fallback = nextLiveFallback();
            if (fallback != null) {
                Slot standIn = new Slot(slot.place, fallback, primary);
                slots.add(standIn);
                send(standIn);
            } else if (!primary.equals(coordinator.self())) {
                hintBesideCopy(coordinator.self(), primary);
            } else {
                NodeId holder = likelyHolder();
                if (holder != null) {
                    hintBesideCopy(holder, primary);
                }
            }
        }

        /** A primary that has acknowledged, or else one that may. */
        private @Nullable NodeId likelyHolder() {
            NodeId likely = null;
            for (Slot slot : slots) {
                if (slot.answer == Answer.ACK && slot.standsFor == null) {
                    return slot.node;
                } else if (slot.answer == Answer.PENDING
                        && slot.standsFor == null
                        && !slot.node.equals(coordinator.self())) {
                    likely = slot.node;
                }
            }
            return likely;
        }

        private void hintBesideCopy(NodeId holder, NodeId primary) {
            hintsPending++;
            coordinator.requestHint(
                    holder,
                    new Request.Write(request.key(), cell, Request.Cause.CLIENT, primary),
                    Math.min(options.timeoutMillis(), HINT_TIMEOUT_MILLIS),
                    stored -> {
                        hintsPending--;
                        if (stored) {
                            markHinted(primary);
                        }
                        settle();
                    });
        }

        private void markHinted(NodeId primary) {
            for (Slot slot : slots) {
                if (slot.node.equals(primary) && slot.standsFor == null) {
                    slot.answer = Answer.HINTED;
                }
            }
        }

        void standInsForSilent() {
            for (Slot slot : List.copyOf(slots)) {
                boolean silent =
                        slot.standsFor == null
                                || (!answered && coordinator.isSilent(slot.sentNanos));
                if (slot.answer == Answer.PENDING && silent) {
                    replace(slot);
                }
            }
        }

        private void settle() {
            if (answered || round != this) {
                return;
            }
            switch (quorum.state()) {
                case PENDING -> {
                    if (leftMillis() <= 0) {
                        answer(shortOfQuorum());
                    }
                }
                case REACHED -> {
                    if (superseded && number == 1 && options.mode() == Mode.STRICT) {
                        if (!waitsToStamp) {
                            waitsToStamp = true;
                            stampAgain();
                        }
                    } else if (hintsPending == 0) {
                        answer(
                                new WriteOutcome.Written(
                                        cell.version(), answers(), WriteOperation.this.strict()));
                    }
                }
                case IMPOSSIBLE -> {
                    if (hintsPending == 0) {
                        answer(shortOfQuorum());
                    }
                }
            }
        }

        private void stampAgain() {
            if (leftMillis() <= 0) {
                answer(shortOfQuorum());
            } else if (!coordinator.peers().mayStamp()) {
                coordinator.whenMoreMayBeStamped(this::stampAgain);
            } else {
                coordinator.counters().restamped++;
                round = new Round(2, stamp());
                round.start();
            }
        }

        private WriteOutcome shortOfQuorum() {
            boolean strict = WriteOperation.this.strict();
            int acks = quorum.acks();
            if (number == 1 && clockRefusals == slots.size()) {
                return new WriteOutcome.Rejected(
                        "every replica refused the write's timestamp as too far ahead",
                        0,
                        quorum.needed(),
                        answers(),
                        strict);
            }
            return diskFull
                    ? new WriteOutcome.DiskFull(acks, quorum.needed(), answers(), strict)
                    : new WriteOutcome.Indeterminate(acks, quorum.needed(), answers(), strict);
        }

        private List<ReplicaAnswer> answers() {
            List<ReplicaAnswer> all = new ArrayList<>(slots.size());
            for (Slot slot : slots) {
                all.add(slot.toAnswer());
            }
            return all;
        }
    }

    /** One node within a round. */
    private static final class Slot {
        private final int place;
        private final NodeId node;
        private final @Nullable NodeId standsFor;
        private Answer answer = Answer.PENDING;
        private @Nullable Version version;
        private String detail = "";
        private long sentNanos;
        private long elapsedNanos;
        private boolean replaced;

        Slot(int place, NodeId node, @Nullable NodeId standsFor) {
            this.place = place;
            this.node = node;
            this.standsFor = standsFor;
        }

        ReplicaAnswer toAnswer() {
            return new ReplicaAnswer(
                    node, standsFor, answer, version, elapsedNanos / 1_000, detail);
        }
    }
}

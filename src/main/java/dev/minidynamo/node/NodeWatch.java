package dev.minidynamo.node;

import dev.minidynamo.env.Scheduler;
import dev.minidynamo.hints.HintLossListener;
import dev.minidynamo.hints.HintStatus;
import dev.minidynamo.membership.Membership.Liveness;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.store.StoreStatus;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Notes what happens in a node, by looking at its rooms once a second, for the event timeline. */
final class NodeWatch {

    private static final long PERIOD_MILLIS = 1_000;

    private final NodeParts parts;
    private final NodeEvents events;
    private Scheduler.@Nullable Timer timer;
    private long hinted;
    private long repairs;
    private long restamped;
    private long delivered;
    private long pulled;
    private long snapshotAtMillis;
    private long compacted;
    private boolean synchronised;
    private final Map<NodeId, Map<HintLossListener.Loss, Long>> lostHints = new TreeMap<>();

    NodeWatch(NodeParts parts, NodeEvents events) {
        this.parts = parts;
        this.events = events;
    }

    void start(Scheduler scheduler) {
        synchronised = parts.antiEntropy().synchronised();
        if (parts.store().blank()) {
            events.add("blank", "Made without data and not synchronised since.");
        }
        parts.membership().onChange(this::peerChanged);
        parts.hints().onLoss(this::hintLost);
        timer = scheduler.every(PERIOD_MILLIS, this::look);
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void peerChanged(NodeId peer, Liveness liveness) {
        String word =
                switch (liveness) {
                    case UP -> "up";
                    case SUSPECT -> "suspected";
                    case DOWN -> "down";
                };
        events.add("peer_" + word, peer + " is " + word + ".");
    }

    private void hintLost(NodeId target, @Nullable Key key, HintLossListener.Loss loss) {
        lostHints
                .computeIfAbsent(target, _ -> new EnumMap<>(HintLossListener.Loss.class))
                .merge(loss, 1L, Long::sum);
    }

    private void reportLostHints() {
        lostHints.forEach((target, losses) ->
                losses.forEach((loss, count) ->
                        events.add(
                                "hint_lost",
                                "%s for %s lost: %s. Anti-entropy brings what they held."
                                        .formatted(count(count, "hint"), target, describe(loss)))));
        lostHints.clear();
    }

    private static String describe(HintLossListener.Loss loss) {
        return switch (loss) {
            case OVERFLOWED -> "their space is full";
            case EXPIRED -> "they are too old";
            case SET_ASIDE -> "the node cannot read them";
            case DAMAGED -> "they failed their checksums";
        };
    }

    private void look() {
        reportLostHints();
        var coordinator = parts.coordinator().status();
        List<HintStatus.Target> hints = parts.hints().status().targets();
        long kept = hints.stream().mapToLong(HintStatus.Target::stored).sum();
        hinted = grown("hint_stored", hinted, kept, "hint", "stored");
        repairs = grown("repaired", repairs, coordinator.repairs(), "stale replica", "repaired");
        restamped =
                grown("restamped", restamped, coordinator.restamped(), "write", "stamped again");
        long arrived = hints.stream().mapToLong(HintStatus.Target::delivered).sum();
        delivered = grown("hint_delivered", delivered, arrived, "hint", "delivered");
        pulled =
                grown(
                        "pulled",
                        pulled,
                        parts.antiEntropy().status().totalPulled(),
                        "key",
                        "pulled by anti-entropy");
        lookAtStorage();
        if (synchronised != parts.antiEntropy().synchronised()) {
            synchronised = !synchronised;
            events.add(
                    "synchronised",
                    synchronised ? "Has caught up and counts in reads." : "Must catch up first.");
        }
    }

    private void lookAtStorage() {
        StoreStatus.Snapshot snapshot = parts.store().snapshotStatus();
        if (snapshot.atMillis() != snapshotAtMillis) {
            snapshotAtMillis = snapshot.atMillis();
            events.add(
                    "snapshot",
                    "The index is on disk: %s in %d ms."
                            .formatted(count(snapshot.bytes(), "byte"), snapshot.tookMillis()));
        }
        long segments = parts.store().compactionStatus().segments();
        compacted = grown("compacted", compacted, segments, "segment", "of the log compacted");
    }

    private long grown(String kind, long before, long now, String what, String done) {
        if (now > before) {
            events.add(kind, count(now - before, what) + " " + done + ".");
        }
        return now;
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}

package dev.minidynamo.antientropy;

import dev.minidynamo.antientropy.Descent.PartitionDifferences;
import dev.minidynamo.antientropy.Descent.Step;
import dev.minidynamo.antientropy.LeafDiff.Difference;
import dev.minidynamo.antientropy.LeafDiff.Side;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Transport.Priority;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * One comparison with one peer, from the root of the hash trees to the repair of what differs, as
 * far as the bound on keys allows.
 *
 * <p>Where both nodes begin at once, one stops ({@link Synchroniser#leavesTheLeadTo}), since a
 * round repairs both ways.
 */
final class Round {

    private final Replicating node;
    private final Synchroniser synchroniser;
    private final PeerRounds peer;
    private final Consumer<Result> finished;
    private final Descent descent;
    private final long startedMillis;
    private final boolean fromTheFirst;

    private long bytes;
    private long pulled;
    private long pushed;
    private long differing;
    private int errors;
    private String lastError = "";
    private int budget;
    private @Nullable Transfer transfer;
    private boolean cancelled;

    /**
     * What came of a round.
     *
     * @param compared entries that the peer listed
     * @param differing entries found to differ, those left alone as too young included
     * @param more whether partitions are left to compare
     */
    record Result(
            long compared,
            long differing,
            long pulled,
            long pushed,
            long bytes,
            int errors,
            String lastError,
            boolean more,
            long durationMillis) {

        long repaired() {
            return pulled + pushed;
        }
    }

    Round(Replicating node, Synchroniser synchroniser, PeerRounds peer, Consumer<Result> finished) {
        this.node = node;
        this.synchroniser = synchroniser;
        this.peer = peer;
        this.finished = finished;
        startedMillis = node.monotonicMillis();
        budget = node.options().maxKeysPerRound();
        BitSet wanted = synchroniser.wanted(peer.id);
        wanted.clear(0, peer.cursor);
        fromTheFirst = peer.cursor == 0;
        descent =
                new Descent(
                        node.tree(),
                        peer.id,
                        node.store()::leaf,
                        wanted,
                        partitions -> synchroniser.equal(peer.id, partitions));
    }

    /** Begins, and calls {@code finished} once. */
    void start() {
        perform(descent.first());
    }

    /** Ends it without a result: no answer is acted on any more. */
    void cancel() {
        cancelled = true;
        if (transfer != null) {
            transfer.cancel();
        }
    }

    private void perform(Step step) {
        switch (step) {
            case Step.Ask ask -> ask(ask);
            case Step.Repair repair -> repair(repair.partitions());
            case Step.Finished _ -> end(0, !fromTheFirst);
            case Step.Failed failed -> fail(failed.why());
        }
    }

    private void ask(Step.Ask ask) {
        bytes += WireEstimate.of(ask.request());
        node.ports()
                .transport()
                .send(
                        peer.id,
                        ask.request(),
                        Priority.ANTI_ENTROPY,
                        node.options().requestTimeoutMillis(),
                        this::answered);
    }

    private void answered(Reply reply) {
        if (cancelled) {
            return;
        }
        bytes += WireEstimate.of(reply);
        if (shouldYield()) {
            end(peer.cursor, false);
        } else {
            perform(descent.answered(reply));
        }
    }

    private boolean shouldYield() {
        return peer.descentSeenMillis >= startedMillis && synchroniser.leavesTheLeadTo(peer.id);
    }

    private void repair(List<PartitionDifferences> partitions) {
        List<Long> pulls = new ArrayList<>();
        List<Long> pushes = new ArrayList<>();
        BitSet withheld = new BitSet();
        int taken = 0;
        while (taken < partitions.size() && budget > pulls.size() + pushes.size()) {
            PartitionDifferences partition = partitions.get(taken++);
            if (!partition.doubted().stream().allMatch(synchroniser::doubts)) {
                withheld.set(partition.partition());
            }
            for (Difference difference : partition.differences()) {
                boolean doubted = partition.doubted().get(HashTree.leafOf(difference.token()));
                if (!sort(difference, doubted, pulls, pushes)) {
                    withheld.set(partition.partition());
                }
            }
        }
        budget -= pulls.size() + pushes.size();
        List<PartitionDifferences> done = partitions.subList(0, taken);
        int cutAt = taken < partitions.size() ? partitions.get(taken).partition() : -1;
        transfer =
                new Transfer(
                        node,
                        peer.id,
                        pulls,
                        pushes,
                        outcome -> {
                            withheld.or(outcome.failed);
                            transferred(outcome, done, withheld, cutAt);
                        });
        transfer.start();
    }

    /**
     * Decides which way a difference is repaired. Where a leaf is damaged on one side, only that
     * side takes; where it is on both, each takes what the other has left.
     *
     * @param doubted whether the leaf is damaged at the peer
     * @return false if it is left alone although the peer may have something newer
     */
    private boolean sort(
            Difference difference, boolean doubted, List<Long> pulls, List<Long> pushes) {
        differing++;
        boolean peerHasMore = difference.side() != Side.OWN;
        boolean trusted = synchroniser.synchronised();
        if (trusted && !isRipe(difference)) {
            return !peerHasMore;
        }
        boolean doubtedHere = synchroniser.doubts(HashTree.leafOf(difference.token()));
        boolean pull =
                peerHasMore && synchroniser.mayPullFrom(peer.id) && (doubtedHere || !doubted);
        if (pull) {
            pulls.add(difference.token());
        }
        if (trusted && !doubtedHere && difference.side() != Side.PEER) {
            pushes.add(difference.token());
        }
        return pull || !peerHasMore;
    }

    private boolean isRipe(Difference difference) {
        return peer.young.isRipe(
                difference, node.ports().clock().wallMillis(), node.monotonicMillis());
    }

    private void transferred(
            Transfer.Outcome outcome, List<PartitionDifferences> done, BitSet withheld, int cutAt) {
        pulled += outcome.pulled;
        pushed += outcome.pushed;
        bytes += outcome.bytes;
        errors += outcome.errors;
        if (outcome.errors > 0) {
            lastError = outcome.lastError;
        }
        for (PartitionDifferences partition : done) {
            if (!withheld.get(partition.partition())) {
                synchroniser.repaired(
                        peer.id,
                        partition.partition(),
                        partition.differences(),
                        partition.complete());
            }
        }
        if (outcome.lost) {
            end(peer.cursor, false);
        } else if (cutAt >= 0) {
            end(cutAt, true);
        } else {
            perform(descent.next());
        }
    }

    private void fail(String why) {
        errors++;
        lastError = why;
        end(peer.cursor, false);
    }

    private void end(int cursor, boolean more) {
        peer.cursor = cursor;
        finished.accept(
                new Result(
                        descent.entriesCompared(),
                        differing,
                        pulled,
                        pushed,
                        bytes,
                        errors,
                        lastError,
                        more,
                        node.monotonicMillis() - startedMillis));
    }
}

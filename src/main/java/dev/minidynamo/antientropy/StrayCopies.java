package dev.minidynamo.antientropy;

import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Transport.Priority;
import dev.minidynamo.store.EntryRef;
import dev.minidynamo.store.StoredCell;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The hand-over of copies that this node holds but, after a change of the ring, no longer owns:
 * each is pushed to all owners, and dropped once every one of them has it durably (P4).
 */
final class StrayCopies {

    private static final int AT_ONCE = 256;
    private static final long PAUSE_MILLIS = 20;

    private final Replicating node;
    private int cursor;
    private int underWay;
    private boolean progressed;
    private long handedOver;

    StrayCopies(Replicating node) {
        this.node = node;
    }

    /** Copies that have left since the start. */
    long handedOver() {
        return handedOver;
    }

    /** Hands over the next copies, unless some are still under way. */
    void pass() {
        if (underWay > 0 || node.tree().strays() == 0) {
            return;
        }
        progressed = false;
        underWay = 1;
        int begun = 0;
        for (int i = 0; i < HashTree.LEAVES && begun < AT_ONCE; i++) {
            int leaf = cursor;
            cursor = (cursor + 1) % HashTree.LEAVES;
            int partition = leaf / HashTree.LEAVES_PER_PARTITION;
            if (node.tree().entries(leaf) > 0 && !node.tree().owned().get(partition)) {
                begun += handOver(leaf, node.ring().preferenceList(partition).primaries());
            }
        }
        ended();
    }

    private int handOver(int leaf, List<NodeId> owners) {
        if (!owners.stream().allMatch(node.ports().membership()::isUp)) {
            return 0;
        }
        Set<Long> tokens = new LinkedHashSet<>();
        for (EntryRef entry : node.store().leaf(leaf)) {
            tokens.add(entry.token());
        }
        for (long token : tokens) {
            for (StoredCell stored : node.store().byToken(token)) {
                handOver(stored, owners);
            }
        }
        return tokens.size();
    }

    private void handOver(StoredCell stored, List<NodeId> owners) {
        underWay++;
        int[] missing = {owners.size()};
        boolean[] all = {true};
        Request write =
                new Request.Write(stored.key(), stored.cell(), Request.Cause.ANTI_ENTROPY, null);
        for (NodeId owner : owners) {
            node.ports()
                    .transport()
                    .send(
                            owner,
                            write,
                            Priority.ANTI_ENTROPY,
                            node.options().requestTimeoutMillis(),
                            reply -> {
                                all[0] &= Transfer.isStored(reply);
                                if (--missing[0] == 0) {
                                    answered(stored.key(), stored.cell().version(), all[0]);
                                }
                            });
        }
    }

    private void answered(Key key, Version version, boolean everyOwnerHasIt) {
        if (!everyOwnerHasIt) {
            ended();
            return;
        }
        node.store()
                .giveUp(
                        key,
                        version,
                        givenUp -> {
                            progressed |= givenUp;
                            handedOver += givenUp ? 1 : 0;
                            ended();
                        });
    }

    private void ended() {
        underWay--;
        if (underWay == 0 && progressed) {
            node.ports().scheduler().after(PAUSE_MILLIS, this::pass);
        }
    }
}

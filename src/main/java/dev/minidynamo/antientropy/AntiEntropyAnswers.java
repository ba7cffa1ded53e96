package dev.minidynamo.antientropy;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Reply.Reason;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.store.EntryRef;
import dev.minidynamo.store.StoredCell;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The answering side of a comparison: hashes, entries and cells of the own store. */
final class AntiEntropyAnswers {

    private static final int MOST_LEAVES = 4_096;
    private static final int MOST_TOKENS = 4_096;

    private final Replicating node;
    private final Synchroniser synchroniser;

    AntiEntropyAnswers(Replicating node, Synchroniser synchroniser) {
        this.node = node;
        this.synchroniser = synchroniser;
    }

    Reply treeHashes(NodeId from, Request.TreeHashes request) {
        List<Long> hashes = new ArrayList<>(request.indexes().size());
        try {
            if (request.indexes().size() > HashTree.width(request.level())) {
                return unsupported("more hashes asked for than the level has");
            }
            BitSet doubted = doubtedLeaves();
            for (int index : request.indexes()) {
                long hash = node.tree().hash(request.level(), index, from);
                boolean told = isCertain(request.level(), index, doubted);
                hashes.add(told ? hash : ~hash);
            }
        } catch (IllegalArgumentException noSuchNode) {
            return unsupported(String.valueOf(noSuchNode.getMessage()));
        }
        return new Reply.Hashes(hashes);
    }

    /**
     * Whether a tree node holds no damaged leaf and nothing of a partition that was gained; else
     * its hash is told wrong, to be looked into.
     */
    private boolean isCertain(int level, int index, BitSet doubted) {
        int leaves = HashTree.LEAVES / HashTree.width(level);
        int first = index * leaves;
        int last = first + leaves - 1;
        return isNoneWithin(doubted, first, last)
                && isNoneWithin(
                        synchroniser.gained(),
                        first / HashTree.LEAVES_PER_PARTITION,
                        last / HashTree.LEAVES_PER_PARTITION);
    }

    private static boolean isNoneWithin(BitSet set, int first, int last) {
        int found = set.nextSetBit(first);
        return found < 0 || found > last;
    }

    Reply leafList(Request.LeafList request) {
        if (request.leaves().size() > MOST_LEAVES) {
            return unsupported("more than " + MOST_LEAVES + " leaves asked for");
        }
        BitSet doubted = doubtedLeaves();
        List<Reply.LeafEntry> entries = new ArrayList<>();
        for (int leaf : request.leaves()) {
            if (leaf < 0 || leaf >= HashTree.LEAVES) {
                return unsupported("there is no leaf " + leaf);
            }
            if (doubted.get(leaf)) {
                entries.add(Descent.markOfDoubt(leaf));
            }
            if (synchroniser.gained().get(leaf / HashTree.LEAVES_PER_PARTITION)) {
                entries.add(Descent.markOfGain(leaf));
            }
            for (EntryRef entry : node.store().leaf(leaf)) {
                entries.add(new Reply.LeafEntry(entry.token(), entry.timestamp(), entry.hash()));
            }
        }
        return new Reply.LeafEntries(entries);
    }

    /** The leaves in doubt, those of which a read has just met the damage included. */
    private BitSet doubtedLeaves() {
        synchroniser.noteDamage();
        return synchroniser.doubtedLeaves();
    }

    Reply fetch(NodeId from, Request.Fetch request) {
        if (!synchroniser.mayGiveTo(from)) {
            return new Reply.Refused(
                    Reason.NOT_SYNCHRONISED,
                    node.self() + " was away for longer than the tombstone grace");
        }
        if (request.tokens().size() > MOST_TOKENS) {
            return unsupported("more than " + MOST_TOKENS + " cells asked for");
        }
        List<Reply.KeyCell> cells = new ArrayList<>();
        long bytes = 0;
        for (long token : request.tokens()) {
            for (StoredCell stored : node.store().byToken(token)) {
                cells.add(new Reply.KeyCell(stored.key(), stored.cell()));
                bytes += WireEstimate.of(stored.key(), stored.cell());
            }
            if (bytes >= Transfer.FETCH_BYTES) {
                break;
            }
        }
        return new Reply.Cells(cells);
    }

    private static Reply unsupported(String why) {
        return new Reply.Refused(Reason.UNSUPPORTED, why);
    }
}

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
            BitSet doubted = synchroniser.doubtedLeaves();
            for (int index : request.indexes()) {
                long hash = node.tree().hash(request.level(), index, from);
                hashes.add(isDoubted(request.level(), index, doubted) ? ~hash : hash);
            }
        } catch (IllegalArgumentException noSuchNode) {
            return unsupported(String.valueOf(noSuchNode.getMessage()));
        }
        return new Reply.Hashes(hashes);
    }

    /** Whether a tree node holds a damaged leaf; then its hash is told wrong, to be looked into. */
    private static boolean isDoubted(int level, int index, BitSet doubted) {
        int leaves = HashTree.LEAVES / HashTree.width(level);
        int found = doubted.nextSetBit(index * leaves);
        return found >= 0 && found < (index + 1) * leaves;
    }

    Reply leafList(Request.LeafList request) {
        if (request.leaves().size() > MOST_LEAVES) {
            return unsupported("more than " + MOST_LEAVES + " leaves asked for");
        }
        List<Reply.LeafEntry> entries = new ArrayList<>();
        for (int leaf : request.leaves()) {
            if (leaf < 0 || leaf >= HashTree.LEAVES) {
                return unsupported("there is no leaf " + leaf);
            }
            if (synchroniser.doubtedLeaves().get(leaf)) {
                entries.add(Descent.markOfDoubt(leaf));
            }
            for (EntryRef entry : node.store().leaf(leaf)) {
                entries.add(new Reply.LeafEntry(entry.token(), entry.timestamp(), entry.hash()));
            }
        }
        return new Reply.LeafEntries(entries);
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

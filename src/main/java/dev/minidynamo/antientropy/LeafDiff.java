package dev.minidynamo.antientropy;

import dev.minidynamo.protocol.Reply.LeafEntry;
import dev.minidynamo.store.EntryRef;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the entries of two nodes differ.
 *
 * <p>Versions are not sent, only timestamps and hashes: the newer timestamp tells who has to give.
 * At equal timestamps with different hashes both give, and the merge law decides on either side.
 */
final class LeafDiff {

    /** Who holds something that the other has not. */
    enum Side {
        OWN,
        PEER,
        BOTH
    }

    /**
     * One token at which the two differ.
     *
     * @param timestamp of the newest entry on either side
     * @param hash of that entry
     * @param absentAtPeer whether the peer has no entry at this token
     */
    record Difference(long token, long timestamp, long hash, Side side, boolean absentAtPeer) {}

    private LeafDiff() {}

    /** The tokens at which two lists, both in unsigned token order, differ. */
    static List<Difference> between(List<EntryRef> own, List<LeafEntry> peer) {
        List<Difference> differences = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < own.size() || j < peer.size()) {
            long token = lowestToken(own, i, peer, j);
            int ownEnd = i;
            while (ownEnd < own.size() && own.get(ownEnd).token() == token) {
                ownEnd++;
            }
            int peerEnd = j;
            while (peerEnd < peer.size() && peer.get(peerEnd).token() == token) {
                peerEnd++;
            }
            addDifference(token, own.subList(i, ownEnd), peer.subList(j, peerEnd), differences);
            i = ownEnd;
            j = peerEnd;
        }
        return differences;
    }

    private static long lowestToken(List<EntryRef> own, int i, List<LeafEntry> peer, int j) {
        if (i == own.size()) {
            return peer.get(j).token();
        }
        if (j == peer.size()) {
            return own.get(i).token();
        }
        long a = own.get(i).token();
        long b = peer.get(j).token();
        return Long.compareUnsigned(a, b) <= 0 ? a : b;
    }

    /** Several entries at one token are keys that share it; then the whole token is exchanged. */
    private static void addDifference(
            long token, List<EntryRef> own, List<LeafEntry> peer, List<Difference> into) {
        long ownSum = own.stream().mapToLong(EntryRef::hash).sum();
        long peerSum = peer.stream().mapToLong(LeafEntry::hash).sum();
        if (own.size() == peer.size() && ownSum == peerSum) {
            return;
        }
        long ownNewest = own.stream().mapToLong(EntryRef::timestamp).max().orElse(Long.MIN_VALUE);
        long peerNewest =
                peer.stream().mapToLong(LeafEntry::timestamp).max().orElse(Long.MIN_VALUE);
        Side side = Side.BOTH;
        if (own.size() <= 1 && peer.size() <= 1 && ownNewest != peerNewest) {
            side = ownNewest > peerNewest ? Side.OWN : Side.PEER;
        }
        into.add(
                new Difference(
                        token,
                        Math.max(ownNewest, peerNewest),
                        ownNewest >= peerNewest ? ownSum : peerSum,
                        side,
                        peer.isEmpty()));
    }
}

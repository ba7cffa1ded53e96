package dev.minidynamo.antientropy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.antientropy.Descent.Step;
import dev.minidynamo.antientropy.LeafDiff.Difference;
import dev.minidynamo.antientropy.LeafDiff.Side;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.sim.SimRandom;
import dev.minidynamo.store.EntryRef;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

@DisplayName("The way down two hash trees (P4)")
class DescentTest {

    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final Ring RING = new ReplicaNet(0, 5, 3, 2).ring;

    /** The entries of one node with its tree, without a store. */
    private static final class Side1 {
        final HashTree tree;
        final Map<Long, EntryRef> entries = new TreeMap<>(Long::compareUnsigned);

        Side1(NodeId self) {
            tree = new HashTree(self, RING);
        }

        void put(EntryRef entry) {
            EntryRef before = entries.put(entry.token(), entry);
            tree.changed(
                    HashTree.leafOf(entry.token()),
                    before == null ? 0 : before.hash(),
                    entry.hash());
        }

        List<EntryRef> leaf(int leaf) {
            return entries.values().stream()
                    .filter(e -> HashTree.leafOf(e.token()) == leaf)
                    .toList();
        }
    }

    private final Side1 own = new Side1(N1);
    private final Side1 peer = new Side1(N2);
    private final TreeSet<Integer> equal = new TreeSet<>();
    private int hashesAsked;

    private Map<Long, Side> descend(BitSet wanted) {
        Descent descent = new Descent(own.tree, N2, own::leaf, wanted, this::addEqual);
        Map<Long, Side> found = new TreeMap<>();
        Step step = descent.first();
        while (!(step instanceof Step.Finished)) {
            step =
                    switch (step) {
                        case Step.Ask ask -> descent.answered(answer(ask.request()));
                        case Step.Repair repair -> {
                            repair.partitions()
                                    .forEach(p -> {
                                        for (Difference d : p.differences()) {
                                            found.put(d.token(), d.side());
                                        }
                                    });
                            yield descent.next();
                        }
                        default -> throw new AssertionError(step);
                    };
        }
        return found;
    }

    private void addEqual(BitSet partitions) {
        partitions.stream().forEach(equal::add);
    }

    private Reply answer(Request request) {
        if (request instanceof Request.TreeHashes hashes) {
            hashesAsked += hashes.indexes().size();
            return new Reply.Hashes(
                    hashes.indexes().stream()
                            .map(i -> peer.tree.hash(hashes.level(), i, N1))
                            .toList());
        }
        List<Reply.LeafEntry> entries = new ArrayList<>();
        for (int leaf : ((Request.LeafList) request).leaves()) {
            peer.leaf(leaf)
                    .forEach(e ->
                            entries.add(new Reply.LeafEntry(e.token(), e.timestamp(), e.hash())));
        }
        return new Reply.LeafEntries(entries);
    }

    private static BitSet all() {
        BitSet all = new BitSet();
        all.set(0, Ring.PARTITIONS);
        return all;
    }

    private Map<Long, Side> bruteForce() {
        TreeSet<Long> tokens = new TreeSet<>(own.entries.keySet());
        tokens.addAll(peer.entries.keySet());
        Map<Long, Side> differing = new TreeMap<>();
        for (long token : tokens) {
            int partition = Ring.partitionOf(token);
            EntryRef a = own.entries.get(token);
            EntryRef b = peer.entries.get(token);
            if (RING.owns(N1, partition)
                    && RING.owns(N2, partition)
                    && (a == null || !a.equals(b))) {
                long x = a == null ? -1 : a.timestamp();
                long y = b == null ? -1 : b.timestamp();
                differing.put(token, x == y ? Side.BOTH : x > y ? Side.OWN : Side.PEER);
            }
        }
        return differing;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void findsWhatBruteForceFindsAndNothingElse(long seed) {
        SimRandom random = new SimRandom(seed);
        int keys = 1 + random.nextInt(400);
        int change = 1 + random.nextInt(20);
        for (int i = 0; i < keys; i++) {
            EntryRef entry =
                    new EntryRef(random.nextLong(), 1 + random.nextInt(9), random.nextLong() | 1);
            int fate = random.nextInt(change);
            if (fate != 1) {
                own.put(entry);
            }
            if (fate == 2) {
                peer.put(new EntryRef(entry.token(), 1 + random.nextInt(9), random.nextLong() | 1));
            } else if (fate != 3) {
                peer.put(entry);
            }
        }
        Map<Long, Side> expected = bruteForce();
        assertThat(descend(all())).isEqualTo(expected);
        TreeSet<Integer> differing = new TreeSet<>();
        expected.keySet().forEach(token -> differing.add(Ring.partitionOf(token)));
        TreeSet<Integer> shared = new TreeSet<>();
        own.tree.shared(N2).stream().forEach(shared::add);
        shared.removeAll(differing);
        assertThat(equal).isEqualTo(shared);
    }

    @Test
    void twoEqualTreesCostOneHash() {
        peer.put(new EntryRef(42, 1, 7));
        own.put(new EntryRef(42, 1, 7));
        assertThat(descend(all())).isEmpty();
        assertThat(hashesAsked).isEqualTo(1);
    }

    @Test
    void onlyTheWantedPartitionsAreLookedAt() {
        int partition = own.tree.shared(N2).nextSetBit(1_000);
        int other = own.tree.shared(N2).nextSetBit(partition + 1);
        long token = (long) partition << (Long.SIZE - Ring.PARTITION_BITS);
        own.put(new EntryRef(token, 1, 7));
        own.put(new EntryRef((long) other << (Long.SIZE - Ring.PARTITION_BITS), 1, 7));
        BitSet wanted = new BitSet();
        wanted.set(partition);
        assertThat(descend(wanted)).containsOnlyKeys(token);
    }

    @Test
    void anAnswerThatDoesNotFitEndsTheDescent() {
        own.put(new EntryRef(42, 1, 7));
        Descent descent = new Descent(own.tree, N2, own::leaf, all(), same -> {});
        descent.first();
        assertThat(descent.answered(new Reply.Hashes(List.of(1L, 2L))))
                .isInstanceOf(Step.Failed.class);
        assertThat(descent.answered(new Reply.Refused(Reply.Reason.OVERLOADED, "busy")))
                .isEqualTo(new Step.Failed("OVERLOADED: busy"));
        assertThat(descent.answered(new Reply.Done())).isInstanceOf(Step.Failed.class);
    }

    @Test
    void keysThatShareATokenAreExchangedTogether() {
        List<EntryRef> two = List.of(new EntryRef(5, 1, 100), new EntryRef(5, 9, 200));
        List<Reply.LeafEntry> one = List.of(new Reply.LeafEntry(5, 1, 100));
        assertThat(LeafDiff.between(two, one))
                .extracting(Difference::side)
                .containsExactly(Side.BOTH);
        List<Reply.LeafEntry> same =
                List.of(new Reply.LeafEntry(5, 9, 200), new Reply.LeafEntry(5, 1, 100));
        assertThat(LeafDiff.between(two, same)).isEmpty();
    }
}

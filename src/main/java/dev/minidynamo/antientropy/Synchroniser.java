package dev.minidynamo.antientropy;

import dev.minidynamo.antientropy.LeafDiff.Difference;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.membership.Membership.Liveness;
import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

import java.util.BitSet;
import java.util.List;

/**
 * Whether this node's replica may be trusted, and what it must compare until then (P7, P13).
 *
 * <p><b>Who must synchronise.</b> A node that is <i>blank</i> (first start, lost disk),
 * <i>damaged</i> (much of its data is set aside), or was <i>away</i>: for longer than the tombstone
 * grace, or the image it started from is an old backup, which lost what came later and holds what
 * may have been deleted and reaped since. Meanwhile it takes part in writes and pulls, but neither
 * answers reads nor gives what it held to synchronised nodes. Of a few damaged leaves the same
 * holds leaf by leaf: the store refuses reads that they may affect, and the rest of the node goes
 * on, as it does beside {@link GainedPartitions}. Until {@link StartImage} knows, every node is
 * <i>unchecked</i>.
 *
 * <p><b>When a partition is synchronised.</b> N nodes own it, W stored each acknowledged write, and
 * L of them have lost it. Of the N-L intact owners at least W-L hold the write, so whoever compared
 * itself with N-L-(W-L)+1 = N-W+1 of them has met a holder, whatever L is. Hence three rules:
 *
 * <ol>
 *   <li>N-W+1 others that are synchronised have been compared: everything acknowledged is here.
 *   <li>All others have been compared: there is nowhere else to look. With N=1 this holds at once.
 *   <li>L &ge; W owners have been blank since this one's start, itself included, and every other is
 *       blank, has been compared, or has never answered: such a loss is beyond P1, or this is the
 *       first start of a cluster, and nobody is left who could be asked. One that has answered is
 *       waited for, also while it has another ring.
 * </ol>
 *
 * <p>An away node that finds no synchronised owner at all but W owners like itself goes on with
 * them after a while, so that a cluster which was switched off for long starts without its dead
 * member: unlike a blank one it has most likely lost nothing, but for what it gained meanwhile.
 *
 * <p><b>What is dropped.</b> An away node, or a damaged leaf, which may have lost a tombstone,
 * drops what it holds if it is older than the grace and N-W+1 synchronised others lack it that
 * vouch for having the whole partition. An acknowledged write is never buried: its W-1 other
 * holders and those N-W+1 nodes are more than the N-1 others there are, so one of them has it; what
 * owners that were replaced held, those in their place lack only until they vouch. Under the other
 * rules nothing is buried.
 */
final class Synchroniser {

    /** How long an away node waits for an owner that is synchronised. */
    private static final long ALONE_MILLIS = 10_000;

    /** Damaged leaves from which on the node as a whole counts as damaged. */
    private static final int MANY_LEAVES = 1_024;

    private final Replicating node;
    private final Membership membership;
    private final BitSet outstanding = new BitSet();
    private final BitSet damaged = new BitSet();
    private final Comparisons comparisons;
    private final Suspects suspects;
    private final StartImage image;
    private final GainedPartitions gained;
    private UnsynchronisedCause cause = UnsynchronisedCause.NONE;
    private boolean synchronised;
    private boolean persisting;

    /** Whether nothing has been compared since that would settle another partition. */
    private boolean settled;

    private long startedMillis;

    private @Nullable Moment lastBlank;

    private record Moment(long monotonicMillis, long wallMillis) {}

    Synchroniser(Replicating node) {
        this.node = node;
        this.membership = node.ports().membership();
        this.comparisons = new Comparisons(node);
        this.suspects = new Suspects(node, this::requireComparison);
        this.image = new StartImage(node);
        this.gained = new GainedPartitions(node);
        outstanding.or(gained.all());
        noteDamage();
        cause = causeAtStart();
        if (cause == UnsynchronisedCause.BLANK || cause == UnsynchronisedCause.AWAY) {
            outstanding.or(node.tree().owned());
            image.needNotBeChecked();
        }
        membership.setOwnSynchronised(false);
    }

    private UnsynchronisedCause causeAtStart() {
        if (node.store().blank() && !node.store().synchronised()) {
            return UnsynchronisedCause.BLANK;
        }
        long alive = node.store().lastAliveMillis();
        boolean tooLong =
                alive > 0
                        && node.ports().clock().wallMillis() - alive > node.options().graceMillis();
        if (tooLong || !node.store().synchronised()) {
            return UnsynchronisedCause.AWAY;
        }
        return damaged.cardinality() > MANY_LEAVES
                ? UnsynchronisedCause.DAMAGED
                : UnsynchronisedCause.UNCHECKED;
    }

    /** Makes a node that was away remember it, should it stop before it has synchronised. */
    void start() {
        startedMillis = node.monotonicMillis();
        gained.start();
        if (cause == UnsynchronisedCause.AWAY) {
            node.store().setSynchronised(false, () -> {});
        }
    }

    /** Whether the replica counts in read quorums and may repair others. */
    boolean synchronised() {
        return synchronised;
    }

    /**
     * How long ago the node was last blank: without data since its start, not synchronised, and
     * holding nothing; 0 if it is so now, -1 if never since its start. While a machine sleeps its
     * monotonic clock stands still, so the wall clock counts too.
     */
    long blankMillisAgo() {
        if (noteBlank()) {
            return 0;
        }
        if (lastBlank == null) {
            return -1;
        }
        Moment now = now();
        long monotonic = now.monotonicMillis - lastBlank.monotonicMillis;
        return Math.max(1, Math.max(monotonic, now.wallMillis - lastBlank.wallMillis));
    }

    private boolean noteBlank() {
        boolean blank = cause == UnsynchronisedCause.BLANK && node.store().isEmpty();
        if (blank) {
            lastBlank = now();
        }
        return blank;
    }

    private Moment now() {
        return new Moment(node.monotonicMillis(), node.ports().clock().wallMillis());
    }

    UnsynchronisedCause cause() {
        return cause;
    }

    /** Partitions that have yet to be compared with enough owners. */
    int outstanding() {
        return outstanding.cardinality();
    }

    /** Entries buried because they had been reaped elsewhere. */
    long buried() {
        return suspects.buried();
    }

    /** Whether what the peer holds may be pulled. */
    boolean mayPullFrom(NodeId peer) {
        return !synchronised || membership.synchronised(peer);
    }

    /**
     * Whether of two rounds at once, one here and one there, the other goes on: that of a node
     * which must synchronise, as only its own rounds tell it what it has been compared with, else
     * that of the lower name.
     */
    boolean leavesTheLeadTo(NodeId peer) {
        return synchronised
                && outstanding.isEmpty()
                && (peer.compareTo(node.self()) < 0 || !membership.synchronised(peer));
    }

    /**
     * Whether an asker may have cells: what an away or damaged node holds is only for one that is
     * known not to be synchronised either.
     */
    boolean mayGiveTo(NodeId asker) {
        return synchronised
                || cause == UnsynchronisedCause.BLANK
                || (membership.liveness(asker) == Liveness.UP && !membership.synchronised(asker));
    }

    /**
     * The partitions to compare with a peer: all that both own, but before the node is synchronised
     * only those that are outstanding. A peer that is not synchronised itself is asked only where
     * there are not enough others.
     */
    BitSet wanted(NodeId peer) {
        BitSet wanted = (BitSet) node.tree().shared(peer).clone();
        Compared compared = comparisons.with(peer);
        if (synchronised || compared == null) {
            return wanted;
        }
        wanted.and(awaited());
        if (membership.synchronised(peer)) {
            wanted.andNot(compared.whileSynchronised);
        } else {
            wanted.andNot(compared.inAnyState);
            comparisons.clearWhereOwnersSuffice(wanted);
        }
        return wanted;
    }

    /** What must be compared before the node is synchronised. */
    private BitSet awaited() {
        BitSet awaited = new BitSet();
        if (cause != UnsynchronisedCause.UNCHECKED) {
            awaited.or(outstanding);
        }
        if (cause == UnsynchronisedCause.DAMAGED) {
            awaited.andNot(gained.all());
        }
        return awaited;
    }

    /** Whether to compare with a peer now, without waiting for its turn. */
    boolean isUrgent(NodeId peer) {
        Compared compared = comparisons.with(peer);
        if (!synchronised || compared == null) {
            return !wanted(peer).isEmpty();
        }
        BitSet urgent = (BitSet) node.tree().shared(peer).clone();
        urgent.and(gained.all());
        urgent.andNot(compared.inAnyState);
        return membership.synchronised(peer) && !urgent.isEmpty();
    }

    /** The partitions of which not everything is here, though the node as a whole has it. */
    BitSet gained() {
        return gained.all();
    }

    /** Whether own entries of a leaf are in doubt. */
    boolean doubts(int leaf) {
        return damaged.get(leaf);
    }

    /** The leaves whose entries are in doubt although the node as a whole is not; not to modify. */
    BitSet doubtedLeaves() {
        return synchronised ? damaged : new BitSet();
    }

    /** Takes note that these partitions are equal to the peer's. */
    void equal(NodeId peer, BitSet partitions) {
        Compared compared = comparisons.with(peer);
        if (compared == null || !partitions.intersects(outstanding)) {
            return;
        }
        BitSet awaited = (BitSet) partitions.clone();
        awaited.and(outstanding);
        settled = false;
        compared.inAnyState.or(awaited);
        if (membership.synchronised(peer)) {
            compared.whileSynchronised.or(awaited);
            suspects.lackNothing(peer, awaited);
        }
    }

    /**
     * Takes note that everything the peer has more or newer in a partition is now here.
     *
     * @param complete whether the peer vouches for all of it: no leaf of it is damaged there, and
     *     it has not just gained it
     */
    void repaired(NodeId peer, int partition, List<Difference> differences, boolean complete) {
        Compared compared = comparisons.with(peer);
        if (compared == null || !outstanding.get(partition)) {
            return;
        }
        settled = false;
        compared.inAnyState.set(partition);
        if (complete && membership.synchronised(peer)) {
            compared.whileSynchronised.set(partition);
            suspects.note(peer, partition, differences, this::isDoubted);
        }
    }

    private boolean isDoubted(Difference difference) {
        return cause == UnsynchronisedCause.AWAY
                || damaged.get(HashTree.leafOf(difference.token()));
    }

    /** Takes note of damage found since, in a record that a read stumbled over. */
    void noteDamage() {
        BitSet found = node.store().damagedLeaves();
        found.andNot(damaged);
        for (int leaf = found.nextSetBit(0); leaf >= 0; leaf = found.nextSetBit(leaf + 1)) {
            int partition = leaf / HashTree.LEAVES_PER_PARTITION;
            if (node.tree().owned().get(partition)) {
                damaged.set(leaf);
                requireComparison(partition);
            } else {
                node.store().damageRepaired(leaf); // There is nobody to compare it with.
            }
        }
    }

    private void requireComparison(int partition) {
        settled = false;
        outstanding.set(partition);
        comparisons.forget(partition);
    }

    /** Settles what has been compared with enough owners. */
    void evaluate() {
        noteBlank();
        if (!image.checked() && image.isOutdated()) {
            cause = UnsynchronisedCause.AWAY;
            outstanding.or(node.tree().owned());
            node.store().setSynchronised(false, () -> {});
            settled = false;
        }
        if (!settled || dependsOnPeers()) {
            settled = true;
            settleWhatIsCompared();
        }
        boolean done = image.checked() && gained.forgotten() && !suspects.burying();
        if (done && !synchronised && !persisting && awaited().isEmpty()) {
            persisting = true;
            if (node.store().synchronised()) {
                gained.writeDown(() -> {});
                becomeSynchronised();
            } else {
                gained.writeDown(
                        () -> node.store().setSynchronised(true, this::becomeSynchronised));
            }
        }
    }

    /** Whether what is heard of peers, or the mere time, may settle a partition. */
    private boolean dependsOnPeers() {
        return cause == UnsynchronisedCause.AWAY || cause == UnsynchronisedCause.BLANK;
    }

    private void becomeSynchronised() {
        persisting = false;
        synchronised = true;
        cause = UnsynchronisedCause.NONE;
        suspects.clear();
        membership.setOwnSynchronised(true);
    }

    private void settleWhatIsCompared() {
        List<NodeId> owners = List.of();
        boolean tooManyLost = false;
        for (int p = outstanding.nextSetBit(0); p >= 0; p = outstanding.nextSetBit(p + 1)) {
            if (!owners.equals(comparisons.owners(p))) {
                owners = comparisons.owners(p);
                tooManyLost = areTooManyLost(owners);
            }
            if (comparisons.suffice(p, owners)
                    || (tooManyLost && comparisons.coverAllThatAnswer(p, owners))
                    || isAloneWithItsLike(p)) {
                settle(p);
            }
        }
    }

    private boolean areTooManyLost(List<NodeId> owners) {
        return cause == UnsynchronisedCause.BLANK
                && 1 + owners.stream().filter(membership::seenBlank).count()
                        >= node.options().writeQuorum();
    }

    private boolean isAloneWithItsLike(int partition) {
        return cause == UnsynchronisedCause.AWAY
                && !gained.contains(partition)
                && node.monotonicMillis() - startedMillis >= ALONE_MILLIS
                && comparisons.aloneWithItsLike(partition);
    }

    private void settle(int partition) {
        outstanding.clear(partition);
        gained.settle(partition);
        if (suspects.isIn(partition)) {
            suspects.settle(
                    partition,
                    comparisons.witnesses(partition),
                    comparisons.needed(comparisons.owners(partition)));
        }
        int first = partition * HashTree.LEAVES_PER_PARTITION;
        int end = first + HashTree.LEAVES_PER_PARTITION;
        for (int l = damaged.nextSetBit(first); l >= 0 && l < end; l = damaged.nextSetBit(l + 1)) {
            damaged.clear(l);
            node.store().damageRepaired(l);
        }
    }
}

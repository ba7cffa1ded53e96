package dev.minidynamo.antientropy;

import dev.minidynamo.membership.Membership;
import dev.minidynamo.membership.Membership.Liveness;
import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What has been compared with the other owners of each partition, and whether that suffices. */
final class Comparisons {

    private final Replicating node;
    private final Membership membership;
    private final Map<NodeId, Compared> peers = new TreeMap<>();

    Comparisons(Replicating node) {
        this.node = node;
        this.membership = node.ports().membership();
        for (NodeId peer : node.ring().nodes()) {
            if (!peer.equals(node.self())) {
                peers.put(peer, new Compared());
            }
        }
    }

    /** What has been compared with one peer; null for a node that is none. */
    @Nullable Compared with(NodeId peer) {
        return peers.get(peer);
    }

    /** Lets a partition be compared anew. */
    void forget(int partition) {
        for (Compared compared : peers.values()) {
            compared.inAnyState.clear(partition);
            compared.whileSynchronised.clear(partition);
        }
    }

    List<NodeId> owners(int partition) {
        return node.ring().preferenceList(partition).primaries();
    }

    /** N-W+1. */
    int needed(List<NodeId> owners) {
        return owners.size() - node.options().writeQuorum() + 1;
    }

    /** Leaves of these partitions those for which too few other owners are synchronised. */
    void clearWhereOwnersSuffice(BitSet partitions) {
        List<NodeId> owners = List.of();
        boolean suffice = false;
        for (int p = partitions.nextSetBit(0); p >= 0; p = partitions.nextSetBit(p + 1)) {
            if (!owners.equals(owners(p))) {
                owners = owners(p);
                suffice = haveEnoughSynchronised(owners);
            }
            if (suffice) {
                partitions.clear(p);
            }
        }
    }

    private boolean haveEnoughSynchronised(List<NodeId> owners) {
        long count =
                owners.stream()
                        .filter(peers::containsKey)
                        .filter(membership::isUp)
                        .filter(membership::synchronised)
                        .count();
        return count >= needed(owners);
    }

    /** Whether all other owners, or N-W+1 synchronised ones, have been compared. */
    boolean suffice(int partition, List<NodeId> owners) {
        boolean withAll = true;
        int synchronised = 0;
        for (NodeId owner : owners) {
            Compared with = peers.get(owner);
            withAll &= with == null || with.inAnyState.get(partition);
            synchronised += with != null && with.whileSynchronised.get(partition) ? 1 : 0;
        }
        return withAll || synchronised >= needed(owners);
    }

    /** Whether every other owner is blank, has been compared, or has never answered. */
    boolean coverAllThatAnswer(int partition, List<NodeId> owners) {
        for (NodeId owner : owners) {
            Compared with = peers.get(owner);
            if (with != null
                    && !with.inAnyState.get(partition)
                    && !membership.blank(owner)
                    && !membership.neverAnswered(owner)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether W owners, this node among them, are up, none of them is synchronised, and all have
     * been compared.
     */
    boolean aloneWithItsLike(int partition) {
        int alike = 1;
        for (NodeId owner : owners(partition)) {
            Compared with = peers.get(owner);
            if (with != null && membership.liveness(owner) == Liveness.UP) {
                if (membership.synchronised(owner) || !with.inAnyState.get(partition)) {
                    return false;
                }
                alike++;
            }
        }
        return alike >= node.options().writeQuorum();
    }

    /**
     * The synchronised owners that vouched for all they have of a partition. A peer that was blank
     * since this node's start knows nothing of what was before.
     */
    List<NodeId> witnesses(int partition) {
        return owners(partition).stream().filter(owner -> isWitness(owner, partition)).toList();
    }

    private boolean isWitness(NodeId owner, int partition) {
        Compared with = peers.get(owner);
        return with != null
                && with.whileSynchronised.get(partition)
                && !membership.seenBlank(owner);
    }
}

package dev.minidynamo.antientropy;

import dev.minidynamo.membership.Membership;
import dev.minidynamo.membership.Membership.Liveness;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.DataMark;

/**
 * Whether the data that this node started from are the last it had. A backup that was brought back
 * looks whole to the node itself; its peers know better, since every message told them how far its
 * data reached. It is checked once all peers have said so or are down, or after a while.
 */
final class StartImage {

    private static final long ASKING_MILLIS = 3_000;

    private final Replicating node;
    private final DataMark reached;
    private final long openedMillis;
    private boolean checked;

    StartImage(Replicating node) {
        this.node = node;
        this.reached = node.dataMark();
        this.openedMillis = node.monotonicMillis();
    }

    /** Whether it is known, as far as it can be. */
    boolean checked() {
        return checked;
    }

    /** For data that are in doubt anyway. */
    void needNotBeChecked() {
        checked = true;
    }

    /** Whether a peer has seen this node with data that are not here; asked until it is checked. */
    boolean isOutdated() {
        Membership membership = node.ports().membership();
        boolean allSaid = true;
        for (NodeId peer : node.ring().nodes()) {
            if (!peer.equals(node.self())) {
                DataMark seen = membership.markSeenBy(peer);
                if (seen != null && !reached.covers(seen)) {
                    checked = true;
                    return true;
                }
                allSaid &= seen != null || membership.liveness(peer) == Liveness.DOWN;
            }
        }
        checked = allSaid || node.monotonicMillis() - openedMillis >= ASKING_MILLIS;
        return false;
    }
}

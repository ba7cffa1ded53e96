package dev.minidynamo.node;

import dev.minidynamo.membership.Membership;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.BatchHeader;
import dev.minidynamo.protocol.DataMark;
import dev.minidynamo.protocol.WireIdentity;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.version.HybridLogicalClock;

import java.util.function.Supplier;

/** What the node writes into the header of each batch, and learns from those of its peers. */
final class NodeIdentity implements WireIdentity {

    private final NodeId self;
    private final Ring ring;
    private final HybridLogicalClock hlc;
    private final Membership membership;
    private final Supplier<DataMark> mark;
    private final long maxDriftMillis;

    NodeIdentity(
            NodeId self,
            Ring ring,
            HybridLogicalClock hlc,
            Membership membership,
            Supplier<DataMark> mark,
            long maxDriftMillis) {
        this.self = self;
        this.ring = ring;
        this.hlc = hlc;
        this.membership = membership;
        this.mark = mark;
        this.maxDriftMillis = maxDriftMillis;
    }

    @Override
    public BatchHeader header() {
        return new BatchHeader(
                self, ring.fingerprint(), hlc.last(), membership.clusterMillis(), mark.get());
    }

    /** Follows a peer's hybrid clock, unless that is further ahead than a write may be. */
    @Override
    public void observe(BatchHeader peer) {
        long most = Version.timestampOf(membership.clusterMillis() + maxDriftMillis);
        if (peer.timestamp() <= most) {
            hlc.observe(peer.timestamp());
        }
        membership.observeMark(peer);
    }

    @Override
    public String ringDescription() {
        return ring.describe();
    }
}

package dev.minidynamo.node;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.BatchHeader;
import dev.minidynamo.protocol.WireIdentity;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.version.HybridLogicalClock;

import java.util.function.LongSupplier;

/** What the node writes into the header of each batch, and learns from those of its peers. */
final class NodeIdentity implements WireIdentity {

    private final NodeId self;
    private final Ring ring;
    private final HybridLogicalClock hlc;
    private final LongSupplier clusterMillis;
    private final long maxDriftMillis;

    NodeIdentity(
            NodeId self,
            Ring ring,
            HybridLogicalClock hlc,
            LongSupplier clusterMillis,
            long maxDriftMillis) {
        this.self = self;
        this.ring = ring;
        this.hlc = hlc;
        this.clusterMillis = clusterMillis;
        this.maxDriftMillis = maxDriftMillis;
    }

    @Override
    public BatchHeader header() {
        return new BatchHeader(self, ring.fingerprint(), hlc.last(), clusterMillis.getAsLong());
    }

    /** Follows a peer's hybrid clock, unless that is further ahead than a write may be. */
    @Override
    public void observe(BatchHeader peer) {
        long most = Version.timestampOf(clusterMillis.getAsLong() + maxDriftMillis);
        if (peer.timestamp() <= most) {
            hlc.observe(peer.timestamp());
        }
    }

    @Override
    public String ringDescription() {
        return ring.describe();
    }
}

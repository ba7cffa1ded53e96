package dev.minidynamo.antientropy;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.DataMark;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.store.WalStore;

/** The node that this room works for: what it is, what it holds, and how it reaches the others. */
record Replicating(
        NodeId self,
        Ring ring,
        WalStore store,
        HashTree tree,
        AntiEntropyPorts ports,
        AntiEntropyOptions options) {

    /** How far the data of the own node reach now. */
    DataMark dataMark() {
        return new DataMark(store.incarnation(), store.durableRecords());
    }

    long monotonicMillis() {
        return ports.clock().monotonicNanos() / 1_000_000;
    }
}

package dev.minidynamo.antientropy;

import dev.minidynamo.model.NodeId;
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

    long monotonicMillis() {
        return ports.clock().monotonicNanos() / 1_000_000;
    }
}

package dev.minidynamo.node;

import dev.minidynamo.antientropy.AntiEntropyScheduler;
import dev.minidynamo.antientropy.TombstoneReaper;
import dev.minidynamo.coordinator.QuorumCoordinator;
import dev.minidynamo.hints.HintManager;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.protocol.RequestHandler;
import dev.minidynamo.protocol.WireIdentity;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.store.WalStore;
import dev.minidynamo.version.HybridLogicalClock;

/** The rooms of one node, as {@link NodeAssembly} built them. */
public record NodeParts(
        Ring ring,
        HybridLogicalClock hlc,
        ClockKeeper clockKeeper,
        WalStore store,
        HintManager hints,
        Membership membership,
        AntiEntropyScheduler antiEntropy,
        TombstoneReaper reaper,
        RequestHandler handler,
        QuorumCoordinator coordinator,
        WireIdentity identity) {}

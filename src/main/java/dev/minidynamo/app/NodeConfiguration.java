package dev.minidynamo.app;

import dev.minidynamo.antientropy.AntiEntropyScheduler;
import dev.minidynamo.antientropy.TombstoneReaper;
import dev.minidynamo.api.BatchEndpoint;
import dev.minidynamo.coordinator.QuorumCoordinator;
import dev.minidynamo.env.Clock;
import dev.minidynamo.hints.HintManager;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.node.ClockKeeper;
import dev.minidynamo.node.Node;
import dev.minidynamo.node.NodeAssembly;
import dev.minidynamo.node.NodeParts;
import dev.minidynamo.protocol.LinkFaults;
import dev.minidynamo.protocol.RequestHandler;
import dev.minidynamo.protocol.WireIdentity;
import dev.minidynamo.replica.Replica;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.runtime.EventLoop;
import dev.minidynamo.store.WalStore;
import dev.minidynamo.version.HybridLogicalClock;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import java.io.IOException;

/**
 * The rooms of a node as Spring beans, built by the same assembly that the simulator uses.
 *
 * <p>Every one is built on the event loop, where it lives from then on.
 */
@Configuration(proxyBeanMethods = false)
class NodeConfiguration {

    private final NodeAssembly assembly;
    private final NodeLoop loop;

    NodeConfiguration(NodeAssembly assembly, NodeLoop loop) {
        this.assembly = assembly;
        this.loop = loop;
    }

    @Bean
    Ring ring() {
        return assembly.ring();
    }

    @Bean(destroyMethod = "")
    WalStore store() {
        return loop.await(assembly::openStore);
    }

    @Bean
    Membership membership(Ring ring) {
        return loop.call(() -> assembly.membership(ring));
    }

    @Bean(destroyMethod = "")
    HintManager hintManager(Ring ring, WalStore store, Membership membership) {
        return loop.<HintManager, IOException>await(
                (opened, failed) -> assembly.openHints(ring, store, membership, opened, failed));
    }

    @Bean
    HybridLogicalClock hybridClock(WalStore store) {
        return loop.call(() -> assembly.hybridClock(store));
    }

    @Bean
    ClockKeeper clockKeeper(WalStore store, HybridLogicalClock hlc, Membership membership) {
        return loop.call(() -> assembly.clockKeeper(store, hlc, membership));
    }

    @Bean
    AntiEntropyScheduler antiEntropyScheduler(Ring ring, WalStore store, Membership membership) {
        return loop.call(() -> assembly.antiEntropy(ring, store, membership));
    }

    @Bean
    TombstoneReaper tombstoneReaper(
            Ring ring, WalStore store, HintManager hints, Membership membership) {
        return loop.call(() -> assembly.reaper(ring, store, hints, membership));
    }

    @Bean
    Replica replica(
            WalStore store,
            HintManager hints,
            Membership membership,
            AntiEntropyScheduler antiEntropy) {
        return loop.call(() -> assembly.replica(store, hints, membership, antiEntropy));
    }

    @Bean
    @Primary
    RequestHandler requestHandler(
            Replica replica,
            AntiEntropyScheduler antiEntropy,
            TombstoneReaper reaper,
            Membership membership) {
        return loop.call(() -> assembly.handler(replica, antiEntropy, reaper, membership));
    }

    @Bean
    QuorumCoordinator quorumCoordinator(
            Ring ring,
            WalStore store,
            Membership membership,
            HybridLogicalClock hlc,
            ClockKeeper keeper) {
        return loop.call(() -> assembly.coordinator(ring, store, membership, hlc, keeper));
    }

    @Bean
    WireIdentity wireIdentity(
            Ring ring,
            HybridLogicalClock hlc,
            Membership membership,
            AntiEntropyScheduler antiEntropy) {
        return assembly.identity(ring, hlc, membership, antiEntropy);
    }

    @Bean
    Node node(
            Ring ring,
            HybridLogicalClock hlc,
            ClockKeeper keeper,
            WalStore store,
            HintManager hints,
            Membership membership,
            AntiEntropyScheduler antiEntropy,
            TombstoneReaper reaper,
            RequestHandler handler,
            QuorumCoordinator coordinator,
            WireIdentity identity) {
        return loop.call(() ->
                assembly.node(
                        new NodeParts(
                                ring,
                                hlc,
                                keeper,
                                store,
                                hints,
                                membership,
                                antiEntropy,
                                reaper,
                                handler,
                                coordinator,
                                identity)));
    }

    @Bean
    BatchEndpoint batchEndpoint(
            EventLoop eventLoop,
            Clock clock,
            WireIdentity identity,
            RequestHandler handler,
            LinkFaults faults,
            Ring ring) {
        return new BatchEndpoint(eventLoop, clock, identity, handler, faults, ring.nodes());
    }
}

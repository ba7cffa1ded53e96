package dev.minidynamo.node;

import dev.minidynamo.antientropy.AntiEntropyPorts;
import dev.minidynamo.antientropy.AntiEntropyScheduler;
import dev.minidynamo.antientropy.HashTree;
import dev.minidynamo.antientropy.TombstoneReaper;
import dev.minidynamo.coordinator.CoordinatorPorts;
import dev.minidynamo.coordinator.Peers;
import dev.minidynamo.coordinator.QuorumCoordinator;
import dev.minidynamo.hints.HintManager;
import dev.minidynamo.hints.HintPorts;
import dev.minidynamo.hints.OwnCopies;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.membership.MembershipPorts;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.RequestHandler;
import dev.minidynamo.protocol.WireIdentity;
import dev.minidynamo.replica.Replica;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.store.StorePorts;
import dev.minidynamo.store.WalStore;
import dev.minidynamo.version.HybridLogicalClock;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * How a node is put together, the same in production and in the simulator.
 *
 * <p>Production calls the factory methods one by one, as Spring beans; the simulator calls {@link
 * #assemble}, and its mutants override single methods. Everything runs on the event loop.
 */
public class NodeAssembly {

    private final NodeOptions options;
    private final NodePorts ports;
    private final NodeTransport transport;

    public NodeAssembly(NodeOptions options, NodePorts ports) {
        this.options = options;
        this.ports = ports;
        this.transport = new NodeTransport(options.self(), ports);
    }

    /**
     * Opens the files and builds the node, not yet started.
     *
     * @param failed gets what keeps the node from starting
     */
    public final void assemble(Consumer<Node> assembled, Consumer<IOException> failed) {
        Ring ring = ring();
        openStore(
                store -> {
                    Membership membership = membership(ring);
                    openHints(
                            ring,
                            store,
                            membership,
                            hints -> assembled.accept(build(ring, store, membership, hints)),
                            failed);
                },
                failed);
    }

    private Node build(Ring ring, WalStore store, Membership membership, HintManager hints) {
        HybridLogicalClock hlc = hybridClock(store);
        ClockKeeper keeper = clockKeeper(store, hlc, membership);
        AntiEntropyScheduler antiEntropy = antiEntropy(ring, store, membership);
        TombstoneReaper reaper = reaper(ring, store, hints, membership);
        Replica replica = replica(store, hints, membership, antiEntropy);
        RequestHandler handler = handler(replica, antiEntropy, reaper, membership);
        QuorumCoordinator coordinator = coordinator(ring, store, membership, hlc, keeper);
        WireIdentity identity = identity(ring, hlc, membership, antiEntropy);
        return node(
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
                        identity));
    }

    /** The ring of the cluster. */
    public Ring ring() {
        return new Ring(options.cluster());
    }

    /** Opens the store: locks nothing, replays the log. */
    public void openStore(Consumer<WalStore> opened, Consumer<IOException> failed) {
        StorePorts storePorts =
                new StorePorts(
                        ports.disk(),
                        ports.logWorker(),
                        ports.backgroundWorker(),
                        ports.clock(),
                        ports.scheduler(),
                        ports.random(),
                        Ring::tokenOf,
                        ports.fatal(),
                        ports.progress());
        WalStore.open(storePorts, options.store(), opened, failed);
    }

    /** The failure detector, which from now on learns from every request to a peer. */
    public Membership membership(Ring ring) {
        Membership membership =
                new Membership(
                        options.self(),
                        ring.nodes(),
                        new MembershipPorts(ports.clock(), ports.scheduler(), transport),
                        options.membership());
        transport.bind(membership);
        return membership;
    }

    /** Opens the hints. */
    public void openHints(
            Ring ring,
            WalStore store,
            Membership membership,
            Consumer<HintManager> opened,
            Consumer<IOException> failed) {
        HintPorts hintPorts =
                new HintPorts(
                        ports.disk(),
                        ports.hintWorker(),
                        ports.clock(),
                        ports.scheduler(),
                        transport,
                        membership,
                        ownCopies(ring, store, membership),
                        ports.fatal());
        HintManager.open(hintPorts, options.hints(), opened, failed);
    }

    private OwnCopies ownCopies(Ring ring, WalStore store, Membership membership) {
        return new OwnCopies() {
            @Override
            public boolean isReplica(Key key) {
                return ring.preferenceList(key).isPrimary(options.self());
            }

            @Override
            public boolean mayTake() {
                return membership.synchronised(options.self());
            }

            @Override
            public void take(Key key, Cell cell, Consumer<Boolean> taken) {
                store.apply(
                        key, cell, result -> store.whenForced(() -> taken.accept(result.isHeld())));
            }
        };
    }

    /** The hybrid clock, not behind anything this node gave out before. */
    public HybridLogicalClock hybridClock(WalStore store) {
        return new HybridLogicalClock(ports.clock(), store.hlcFloor());
    }

    /** Keeps the bound of the hybrid clock on disk. */
    public ClockKeeper clockKeeper(WalStore store, HybridLogicalClock hlc, Membership membership) {
        return new ClockKeeper(
                store,
                hlc,
                ports.clock(),
                ports.scheduler(),
                new ClockKeeper.Majority(
                        membership::clockOffsetMillis,
                        membership::knownClocks,
                        options.coordinator().maxDriftMillis()));
    }

    /** Compares and repairs replicas; fills its hash tree from the store. */
    public AntiEntropyScheduler antiEntropy(Ring ring, WalStore store, Membership membership) {
        return new AntiEntropyScheduler(
                options.self(),
                ring,
                store,
                new HashTree(options.self(), ring),
                antiEntropyPorts(membership),
                options.antiEntropy());
    }

    /** Removes tombstones that every node has confirmed. */
    public TombstoneReaper reaper(
            Ring ring, WalStore store, HintManager hints, Membership membership) {
        return new TombstoneReaper(
                options.self(),
                ring,
                store,
                hints::holdsOlderThan,
                antiEntropyPorts(membership),
                options.antiEntropy());
    }

    private AntiEntropyPorts antiEntropyPorts(Membership membership) {
        return new AntiEntropyPorts(ports.clock(), ports.scheduler(), transport, membership);
    }

    /** Answers reads and writes from the store and the hints. */
    public Replica replica(
            WalStore store,
            HintManager hints,
            Membership membership,
            AntiEntropyScheduler antiEntropy) {
        return new Replica(
                store,
                hints,
                antiEntropy::synchronised,
                antiEntropy::isComplete,
                membership::clusterMillis,
                options.coordinator().maxDriftMillis());
    }

    /** Answers every request of the peers and, from now on, of the node itself. */
    public RequestHandler handler(
            Replica replica,
            AntiEntropyScheduler antiEntropy,
            TombstoneReaper reaper,
            Membership membership) {
        RequestHandler handler =
                new NodeRequestHandler(replica, antiEntropy, reaper, membership, ports.clock());
        transport.bind(handler);
        return handler;
    }

    /** Coordinates the requests of clients. */
    public QuorumCoordinator coordinator(
            Ring ring,
            WalStore store,
            Membership membership,
            HybridLogicalClock hlc,
            ClockKeeper keeper) {
        CoordinatorPorts coordinatorPorts =
                new CoordinatorPorts(
                        ports.clock(),
                        ports.scheduler(),
                        transport,
                        peers(membership, keeper),
                        hlc,
                        store.incarnation());
        return new QuorumCoordinator(
                options.self(), options.cluster(), ring, coordinatorPorts, options.coordinator());
    }

    private static Peers peers(Membership membership, ClockKeeper keeper) {
        return new Peers() {
            @Override
            public boolean isDown(NodeId node) {
                return !membership.isUp(node);
            }

            @Override
            public boolean isOverdue(NodeId node) {
                return membership.liveness(node) != Membership.Liveness.UP;
            }

            @Override
            public long clockAheadMillis() {
                return membership.clockOffsetMillis();
            }

            @Override
            public boolean mayStamp() {
                return keeper.mayStamp();
            }
        };
    }

    /** What the node says of itself on the wire. */
    public WireIdentity identity(
            Ring ring,
            HybridLogicalClock hlc,
            Membership membership,
            AntiEntropyScheduler antiEntropy) {
        return new NodeIdentity(
                options.self(),
                ring,
                hlc,
                membership,
                antiEntropy::mark,
                options.coordinator().maxDriftMillis());
    }

    /** The node made of these parts, not yet started. */
    public Node node(NodeParts parts) {
        return new Node(options, ports, parts);
    }
}

package dev.minidynamo.sim;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.ring.Ring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All that one simulation consists of: time, network, nodes, and who watches them. */
final class SimCluster {

    private static final Map<ClusterConfig, Ring> RINGS = new ConcurrentHashMap<>();

    final SimLoop loop = new SimLoop();
    final Shape shape;
    final Blueprint blueprint;
    final Trace trace;
    final SimNetwork network;
    final Watch watch;
    final boolean manyClocksWrong;
    final boolean anyClockWrong;
    final boolean slowDisks;
    private final List<ClusterConfig> rings = new ArrayList<>();
    final List<SimNode> nodes = new ArrayList<>();
    final List<Key> keys = new ArrayList<>();

    SimCluster(Scenario scenario, Blueprint blueprint, boolean verbose) {
        this.shape = scenario.shape();
        this.blueprint = blueprint;
        this.trace = new Trace(loop, verbose);
        rings.add(shape.config());
        this.anyClockWrong = scenario.nodesWithWrongClocks() > 0;
        this.manyClocksWrong = scenario.nodesWithWrongClocks() * 2 >= scenario.fewestMembers();
        this.slowDisks = scenario.has(FaultKind.SLOW_DISK);
        for (int i = 0; i < shape.keys(); i++) {
            keys.add(Shape.key(i));
        }
        SimRandom random = new SimRandom(scenario.seed() ^ 0x5eed5eed5eedL);
        this.watch = new Watch(this);
        this.network = new SimNetwork(loop, random.split(), shape, watch, trace);
        for (int i = 0; i < shape.nodes(); i++) {
            SimNode node = new SimNode(this, i, random.split());
            nodes.add(node);
            network.attach(node.id, node);
        }
    }

    /** The ring of a cluster, made once for all simulations. */
    static Ring ring(ClusterConfig config) {
        return RINGS.computeIfAbsent(config, Ring::new);
    }

    void after(long millis, Runnable task) {
        loop.after(millis, task);
    }

    // ---- its rings, by their numbers from 0 on

    /** Takes nodes out at once, and restarts the others one after the other. */
    void restartWith(Step.NewRing change) {
        rings.add(shape.config(change.members()));
        trace.add(34, newestRing(), change::toString);
        long pause = 0;
        for (SimNode node : nodes) {
            if (isOn(newestRing(), node)) {
                after(pause, node::takeNewestRing);
                pause += change.millis() / nodes.size();
            } else if (isOn(node.ring(), node)) {
                watch.lost(node);
                node.takeNewestRing();
            }
        }
    }

    int newestRing() {
        return rings.size() - 1;
    }

    ClusterConfig config(int ring) {
        return rings.get(ring);
    }

    boolean isOn(int ring, SimNode node) {
        return rings.get(ring).ids().contains(node.id);
    }

    /** The nodes of the newest ring. */
    List<SimNode> members() {
        return nodes.stream().filter(node -> isOn(newestRing(), node)).toList();
    }

    /** Whether a node owns the key on the ring that it has. */
    boolean owns(SimNode node, Key key) {
        return ring(rings.get(node.ring())).preferenceList(key).isPrimary(node.id);
    }

    /**
     * How many of a key's owners on one ring have not been owners on all rings up to another; all,
     * if an owner on the last ring was one before but never knew that it was none in between.
     */
    int replaced(int from, int to, Key key) {
        List<SimNode> kept = owners(from, key);
        for (int ring = from + 1; ring <= to; ring++) {
            kept.retainAll(owners(ring, key));
        }
        boolean known = owners(to, key).stream().allMatch(node -> knowsWhatItMissed(node, to, key));
        return known ? shape.n() - kept.size() : shape.n();
    }

    private boolean knowsWhatItMissed(SimNode node, int to, Key key) {
        boolean known = true;
        boolean owned = false;
        for (int ring = 0; ring < to; ring++) {
            boolean owns = owners(ring, key).contains(node);
            known &= owns || !owned || node.hasCountedOn(ring);
            owned |= owns;
        }
        return known;
    }

    List<SimNode> owners(int ring, Key key) {
        List<SimNode> owners = new ArrayList<>();
        for (NodeId id : ring(rings.get(ring)).preferenceList(key).primaries()) {
            owners.add(nodes.get(Shape.index(id)));
        }
        return owners;
    }
}

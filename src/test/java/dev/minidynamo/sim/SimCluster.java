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
    final Ring ring;
    final boolean manyClocksWrong;
    final boolean slowDisks;
    final List<SimNode> nodes = new ArrayList<>();
    final List<Key> keys = new ArrayList<>();

    SimCluster(Scenario scenario, Blueprint blueprint, boolean verbose) {
        this.shape = scenario.shape();
        this.blueprint = blueprint;
        this.trace = new Trace(loop, verbose);
        this.ring = ring(shape.config());
        this.manyClocksWrong = scenario.nodesWithWrongClocks() * 2 >= shape.nodes();
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

    boolean owns(SimNode node, Key key) {
        return ring.preferenceList(key).isPrimary(node.id);
    }

    List<SimNode> owners(Key key) {
        List<SimNode> owners = new ArrayList<>();
        for (NodeId id : ring.preferenceList(key).primaries()) {
            owners.add(nodes.get(Shape.index(id)));
        }
        return owners;
    }
}

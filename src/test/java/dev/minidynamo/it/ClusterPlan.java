package dev.minidynamo.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** What a {@link RealCluster} shall be, before it is started. */
public final class ClusterPlan {

    private static final int DASHBOARD_PORT = 8080;
    private static final int NODES_PORT = 9000;

    /**
     * As an agent starts its nodes, or else they could not use its start cache; but with the quick
     * compiler alone, because they live for seconds.
     */
    public static final List<String> JVM_FLAGS =
            List.of(
                    "-Xmx256m",
                    "-Xms32m",
                    "-XX:+UseSerialGC",
                    "-XX:+UseCompactObjectHeaders",
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:TieredStopAtLevel=1");

    final int nodes;
    final List<String> jvmFlags = new ArrayList<>(JVM_FLAGS);
    final List<String> flags = new ArrayList<>();
    final Map<String, String> environment = new TreeMap<>();
    final Map<String, Map<String, String>> ownEnvironment = new TreeMap<>();
    BiConsumer<String, Path> data = (node, folder) -> {};
    private int n;
    private int r;
    private int w;
    private boolean asDelivered;

    ClusterPlan(int nodes) {
        this.nodes = nodes;
        this.n = Math.min(3, nodes);
        this.r = n / 2 + 1;
        this.w = n / 2 + 1;
    }

    /** N, R and W; otherwise N=3 (or all nodes, if fewer) and majorities. */
    public ClusterPlan quorum(int newN, int newR, int newW) {
        n = newN;
        r = newR;
        w = newW;
        return this;
    }

    /** The cluster's name and, where they are free, the ports of the project's own nodes.json. */
    public ClusterPlan asDelivered() {
        asDelivered = true;
        return this;
    }

    /** Further flags of the command line, for every node. */
    public ClusterPlan flags(String... more) {
        flags.addAll(List.of(more));
        return this;
    }

    /** Further flags of the Java virtual machine, for every node of {@link #start}. */
    public ClusterPlan jvmFlags(String... more) {
        jvmFlags.addAll(List.of(more));
        return this;
    }

    /** Does something with the data directory of each node before the node is started. */
    public ClusterPlan data(BiConsumer<String, Path> filler) {
        data = filler;
        return this;
    }

    /** A variable of the environment of every process, such as {@code DYNAMO_SECRET}. */
    public ClusterPlan environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Sets the clock of one node of {@link #start} off by some seconds. */
    public ClusterPlan clockOff(String id, int seconds) {
        ownEnvironment.put(id, WrongClock.environment(seconds));
        return this;
    }

    /**
     * Starts each node as a process of this test, and waits until all answer and see each other.
     */
    public RealCluster start() {
        return RealCluster.started(this);
    }

    /** Starts the whole cluster by one command, as a user does, with the dashboard. */
    public RealCluster startWithDashboard() {
        return RealCluster.startedWithDashboard(this);
    }

    /** The port of the dashboard, then those of the nodes. */
    List<Integer> ports() {
        List<Integer> delivered = new ArrayList<>(List.of(DASHBOARD_PORT));
        for (int i = 1; i <= nodes; i++) {
            delivered.add(NODES_PORT + i);
        }
        return asDelivered && delivered.stream().allMatch(RealFolder::isFree)
                ? delivered
                : RealFolder.freePorts(nodes + 1);
    }

    String nodesJson(Map<String, Integer> ports) {
        List<String> members = new ArrayList<>();
        ports.forEach((id, port) ->
                members.add("{\"id\": \"%s\", \"addr\": \"127.0.0.1:%d\"}".formatted(id, port)));
        return "{\"cluster\": \"%s\", \"nodes\": [%s], \"vnodes\": 64, \"n\": %d, \"r\": %d, \"w\": %d}"
                .formatted(asDelivered ? "demo" : "test", String.join(", ", members), n, r, w);
    }
}

package dev.minidynamo.app;

import dev.minidynamo.agent.Fleet;
import dev.minidynamo.agent.NodeView;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;
import org.springframework.context.support.GenericApplicationContext;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The whole cluster of nodes.json on this machine: a process per node, and the dashboard here. */
final class ClusterRole {

    static final String DASHBOARD = "127.0.0.1:8080";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Flags flags;
    private Screen screen = new Screen(System.out, List.of());
    private @Nullable Fleet started;
    private @Nullable NodeFleet maker;
    private @Nullable ClusterConfig config;
    private @Nullable HostPort dashboard;
    private @Nullable Tls tls;

    ClusterRole(Flags flags) {
        this.flags = flags;
    }

    void run() {
        Servers.run(ConsoleApplication.class, flags, this::prepare);
        awaitNodes(Objects.requireNonNull(started));
        Objects.requireNonNull(maker).makeStartCache();
    }

    private void prepare(Options options, GenericApplicationContext context) {
        ClusterConfig cluster = NodeSettings.cluster(options);
        screen = new Screen(System.out, cluster.ids());
        warn(cluster);
        HostPort listen = options.hostPort("listen", DASHBOARD);
        NodeSettings.Access access = NodeSettings.Access.read(options);
        access.requireFor(listen);
        boolean _ = options.flag("read-only", false); // a wrong value is told before anything runs
        listen.requireFree("the dashboard");
        Tls read = Tls.read(options, context);
        read.register(context);
        Servers.listen(context, listen, read.forPeople());
        NodeFleet nodes = new NodeFleet(flags, options, cluster, screen);
        Fleet fleet = nodes.of(own(options, cluster), read.control(access));
        maker = nodes;
        ConsoleRole.register(context, cluster, fleet, access, listen);
        config = cluster;
        dashboard = listen;
        tls = read;
        started = fleet;
        fleet.start();
    }

    private static Map<NodeId, Map<String, String>> own(Options options, ClusterConfig cluster) {
        Map<NodeId, Map<String, String>> own = new LinkedHashMap<>();
        Path folder = Path.of(options.text("data-dir", "data"));
        String faults = options.text("fault-injection", "true");
        for (ClusterConfig.Member member : cluster.nodes()) {
            own.put(
                    member.id(),
                    Map.of(
                            "listen", member.address(),
                            "data-dir", folder.resolve(member.id().value()).toString(),
                            "fault-injection", faults));
        }
        return own;
    }

    private void warn(ClusterConfig cluster) {
        if (!cluster.quorumsOverlap()) {
            screen.plain("Warning: " + overlapWarning(cluster));
        }
    }

    /** What to tell somebody whose quorums may miss each other. */
    static String overlapWarning(ClusterConfig cluster) {
        return "R=%d and W=%d do not overlap with N=%d, so a read may miss the latest write."
                .formatted(cluster.r(), cluster.w(), cluster.n());
    }

    private void awaitNodes(Fleet fleet) {
        long toldNanos = System.nanoTime();
        while (!fleet.awaitUp(PATIENCE)) {
            NodeView failed = failed(fleet.views());
            if (failed != null) {
                throw new StartRefused(
                        Objects.requireNonNull(failed.exitStatus()),
                        "node " + failed.id() + " could not be started; its lines above say why.");
            }
            if (System.nanoTime() - toldNanos >= PATIENCE.toNanos()) {
                screen.plain("Still waiting: " + states(fleet.views()));
                toldNanos = System.nanoTime();
            }
        }
        announce();
    }

    /** A node whose start was refused: it says so by its exit status. */
    static @Nullable NodeView failed(List<NodeView> views) {
        for (NodeView view : views) {
            Integer status = view.exitStatus();
            boolean refused =
                    status != null
                            && (status == StartRefused.USAGE || status == StartRefused.UNAVAILABLE);
            if (refused && !view.state().running()) {
                return view;
            }
        }
        return null;
    }

    private static String states(List<NodeView> views) {
        return String.join(
                ", ",
                views.stream().map(view -> view.id() + " is " + view.state().word()).toList());
    }

    private void announce() {
        ClusterConfig cluster = Objects.requireNonNull(config);
        screen.plain("");
        screen.plain(
                "Cluster \"%s\" is up: %d nodes, N=%d, R=%d, W=%d."
                        .formatted(
                                cluster.cluster(),
                                cluster.nodes().size(),
                                cluster.n(),
                                cluster.r(),
                                cluster.w()));
        String scheme = Objects.requireNonNull(tls).scheme();
        for (ClusterConfig.Member member : cluster.nodes()) {
            screen.plain("  " + member.id() + "  " + scheme + "://" + member.address());
        }
        HostPort at = Objects.requireNonNull(dashboard);
        screen.plain(
                "Dashboard: "
                        + scheme
                        + "://"
                        + (at.loopback() ? "localhost:" + at.port() : at.toString()));
        screen.plain("Ctrl-C stops everything.");
        screen.plain("");
    }
}

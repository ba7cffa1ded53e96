package dev.minidynamo.app;

import dev.minidynamo.agent.ControlGuard;
import dev.minidynamo.agent.Fleet;
import dev.minidynamo.model.ClusterConfig;

import org.springframework.context.support.GenericApplicationContext;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The dashboard alone. */
final class ConsoleRole {

    private final Flags flags;

    ConsoleRole(Flags flags) {
        this.flags = flags;
    }

    void run() {
        Servers.run(ConsoleApplication.class, flags, ConsoleRole::prepare);
    }

    private static void prepare(Options options, GenericApplicationContext context) {
        ClusterConfig cluster = NodeSettings.cluster(options);
        HostPort listen = options.hostPort("listen", ClusterRole.DASHBOARD);
        NodeSettings.Access access = NodeSettings.Access.read(options);
        access.requireFor(listen);
        boolean _ = options.flag("read-only", false); // a wrong value is told before anything runs
        listen.requireFree("the dashboard");
        Tls tls = Tls.read(options, context);
        tls.register(context);
        Servers.listen(context, listen, tls.forPeople());
        Fleet fleet = Fleet.ofAgents(cluster, tls.control(access));
        register(context, cluster, fleet, access, listen);
        fleet.start();
        new Screen(System.out, List.of()).plain("Dashboard: " + tls.scheme() + "://" + listen);
    }

    /** Hands the beans of a dashboard over to Spring. */
    static void register(
            GenericApplicationContext context,
            ClusterConfig cluster,
            Fleet fleet,
            NodeSettings.Access access,
            HostPort listen) {
        context.registerBean(ClusterConfig.class, () -> cluster);
        context.registerBean(Fleet.class, () -> fleet);
        ControlGuard.Guarded guarded =
                listen.loopback() || access.insecure()
                        ? ControlGuard.Guarded.OPEN_DASHBOARD
                        : ControlGuard.Guarded.LOCKED_DASHBOARD;
        context.registerBean(
                ControlGuard.class,
                () -> new ControlGuard(guarded, access.secret(), hosts(cluster, listen)));
    }

    private static Set<String> hosts(ClusterConfig cluster, HostPort listen) {
        Set<String> hosts = new TreeSet<>(Set.of(listen.host()));
        cluster.nodes().forEach(node -> hosts.add(node.host()));
        return hosts;
    }
}

package dev.minidynamo.app;

import dev.minidynamo.agent.ControlGuard;
import dev.minidynamo.agent.Fleet;
import dev.minidynamo.agent.NodeView;
import dev.minidynamo.model.ClusterConfig;

import org.jspecify.annotations.Nullable;
import org.springframework.context.support.GenericApplicationContext;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** An agent that owns one node: the main process of a container. */
final class AgentRole {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Flags flags;
    private @Nullable Fleet started;
    private @Nullable NodeFleet maker;

    AgentRole(Flags flags) {
        this.flags = flags;
    }

    void run() {
        Servers.run(AgentApplication.class, flags, this::prepare);
        Fleet fleet = Objects.requireNonNull(started);
        while (!fleet.awaitUp(PATIENCE)) {
            NodeView failed = ClusterRole.failed(fleet.views());
            if (failed != null) {
                throw new StartRefused(
                        Objects.requireNonNull(failed.exitStatus()),
                        "node " + failed.id() + " could not be started; its lines above say why.");
            }
        }
        Objects.requireNonNull(maker).makeStartCache();
    }

    private void prepare(Options options, GenericApplicationContext context) {
        ClusterConfig cluster = NodeSettings.cluster(options);
        Options own = options.with(Map.of("id", options.text("node", "")));
        ClusterConfig.Member member = NodeSettings.member("node", own, cluster);
        String address = member.agent();
        if (address == null) {
            throw new StartRefused(
                    StartRefused.USAGE,
                    "nodes.json has no agent for "
                            + member.id()
                            + "; accepted is the address of its control, such as 127.0.0.1:7001.");
        }
        HostPort listen = HostPort.parse(address);
        NodeSettings.Access access = NodeSettings.Access.read(options);
        access.requireFor(listen);
        listen.requireFree("the agent of " + member.id());
        Tls tls = Tls.read(options, context);
        Servers.listen(context, listen, tls);
        Screen screen = new Screen(System.out, List.of(member.id()));
        if (!cluster.quorumsOverlap()) {
            screen.plain("Warning: " + ClusterRole.overlapWarning(cluster));
        }
        NodeFleet nodes = new NodeFleet(flags, own, cluster, screen);
        Fleet fleet =
                nodes.of(new LinkedHashMap<>(Map.of(member.id(), Map.of())), tls.control(access));
        maker = nodes;
        context.registerBean(Fleet.class, () -> fleet);
        context.registerBean(
                ControlGuard.class,
                () ->
                        new ControlGuard(
                                ControlGuard.Guarded.AGENT,
                                access.secret(),
                                Set.of(listen.host())));
        started = fleet;
        fleet.start();
    }
}

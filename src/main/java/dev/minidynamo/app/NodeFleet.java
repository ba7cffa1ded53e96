package dev.minidynamo.app;

import dev.minidynamo.agent.Fleet;
import dev.minidynamo.agent.HttpControl;
import dev.minidynamo.agent.LaunchPlan;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the fleet of child processes that run nodes of this program. */
final class NodeFleet {

    private static final Set<String> NOT_PASSED_ON =
            Set.of(
                    "id",
                    "node",
                    "config",
                    "listen",
                    "data-dir",
                    "heap",
                    "fault-injection",
                    "start-cache",
                    "read-only");
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private final Flags flags;
    private final Options options;
    private final ClusterConfig cluster;
    private final Screen screen;
    private @Nullable ChildCommand child;

    NodeFleet(Flags flags, Options options, ClusterConfig cluster, Screen screen) {
        this.flags = flags;
        this.options = options;
        this.cluster = cluster;
        this.screen = screen;
    }

    /**
     * A fleet of these nodes, each with the options that are its own. Every option and every port
     * is checked before any process is started.
     *
     * @param http asks the nodes
     */
    Fleet of(Map<NodeId, Map<String, String>> own, HttpControl http) {
        ChildCommand command = ChildCommand.ofThisProgram(NodeSettings.heap(options));
        child = command;
        List<LaunchPlan> plans = new ArrayList<>();
        own.forEach((id, values) -> plans.add(plan(command, id, values)));
        Fleet fleet = Fleet.ofProcesses(cluster, plans, http, screen::line);
        fleet.events().subscribe(screen::event);
        Runtime.getRuntime().addShutdownHook(new Thread(fleet::close, "fleet-stop"));
        return fleet;
    }

    /**
     * Makes what lets later starts be fast, in the background, unless it is there or not wanted.
     */
    void makeStartCache() {
        StartCache cache = child == null ? null : child.cache();
        if (cache != null && !cache.ready() && options.flag("start-cache", true)) {
            Thread maker =
                    Thread.ofPlatform().name("start-cache").daemon().start(() -> make(cache));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(maker), "start-cache-stop"));
        }
    }

    /** Stops what makes the cache, and the process it started, before this one ends. */
    private static void stop(Thread maker) {
        maker.interrupt();
        try {
            maker.join(STOP_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void make(StartCache cache) {
        try {
            cache.make(true);
        } catch (IOException e) {
            if (!Thread.currentThread().isInterrupted()) {
                screen.plain("Nodes start without a start cache; it could not be made: " + e + ".");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private LaunchPlan plan(ChildCommand command, NodeId id, Map<String, String> values) {
        Map<String, String> given = new LinkedHashMap<>(values);
        given.put("id", id.value());
        NodeSettings settings = NodeSettings.read(options.with(given), cluster);
        settings.listen().requireFree("node " + id);
        List<String> arguments = new ArrayList<>();
        arguments.add("--id=" + id);
        arguments.add("--config=" + options.text("config", "nodes.json"));
        arguments.add("--listen=" + settings.listen());
        arguments.add("--data-dir=" + settings.storage().dataDir());
        arguments.add("--fault-injection=" + settings.faultInjection());
        arguments.add("--supervised");
        arguments.addAll(flags.without(NOT_PASSED_ON));
        return new LaunchPlan(id, cluster.member(id).address(), () -> command.with(arguments));
    }
}

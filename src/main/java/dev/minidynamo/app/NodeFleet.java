package dev.minidynamo.app;

import dev.minidynamo.agent.Fleet;
import dev.minidynamo.agent.LaunchPlan;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the fleet of child processes that run nodes of this program. */
final class NodeFleet {

    private static final Set<String> NOT_PASSED_ON =
            Set.of("id", "node", "config", "listen", "data-dir", "heap", "fault-injection");
    private static final String DEFAULT_HEAP = "256m";

    private final Flags flags;
    private final Options options;
    private final ClusterConfig cluster;
    private final Screen screen;

    NodeFleet(Flags flags, Options options, ClusterConfig cluster, Screen screen) {
        this.flags = flags;
        this.options = options;
        this.cluster = cluster;
        this.screen = screen;
    }

    /**
     * A fleet of these nodes, each with the options that are its own. Every option and every port
     * is checked before any process is started.
     */
    Fleet of(Map<NodeId, Map<String, String>> own) {
        String heap = options.text("heap", DEFAULT_HEAP);
        if (!heap.matches("[1-9]\\d*[kKmMgG]")) {
            throw StartRefused.value("heap", heap, "a size such as 256m or 1g");
        }
        ChildCommand child = ChildCommand.ofThisProgram(heap);
        List<LaunchPlan> plans = new ArrayList<>();
        own.forEach((id, values) -> plans.add(plan(child, id, values)));
        Fleet fleet = Fleet.ofProcesses(cluster, plans, options.textOrNull("secret"), screen::line);
        fleet.events().subscribe(screen::event);
        Runtime.getRuntime().addShutdownHook(new Thread(fleet::close, "fleet-stop"));
        return fleet;
    }

    private LaunchPlan plan(ChildCommand child, NodeId id, Map<String, String> values) {
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
        return new LaunchPlan(id, cluster.member(id).address(), child.with(arguments));
    }
}

package dev.minidynamo.ring;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Splits the nodes met on a walk around the ring into primaries and fallbacks, distinct zones
 * first.
 *
 * <p>A node without a zone is a zone of its own.
 */
final class PreferenceOrder {

    private final int n;
    private final Map<NodeId, String> zones = new HashMap<>();

    PreferenceOrder(ClusterConfig config) {
        n = config.n();
        for (ClusterConfig.Member member : config.nodes()) {
            String zone = member.zone().isEmpty() ? "#" + member.id() : member.zone();
            zones.put(member.id(), zone);
        }
    }

    PreferenceList split(List<NodeId> walk) {
        List<NodeId> spread = new ArrayList<>();
        List<NodeId> rest = new ArrayList<>();
        Set<String> used = new HashSet<>();
        for (NodeId node : walk) {
            boolean newZone = used.add(zones.getOrDefault(node, ""));
            (newZone ? spread : rest).add(node);
        }
        spread.addAll(rest);
        return new PreferenceList(spread.subList(0, n), spread.subList(n, spread.size()));
    }
}

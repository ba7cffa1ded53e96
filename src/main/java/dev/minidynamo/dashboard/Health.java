package dev.minidynamo.dashboard;

import dev.minidynamo.model.ClusterConfig;

import java.util.ArrayList;
import java.util.List;

/** The state of the cluster in one sentence. */
final class Health {

    private Health() {}

    /** The sentence that is shown, with times that go on. */
    static String sentence(ClusterSight sight) {
        return String.join(" · ", parts(sight, true));
    }

    /** The same without what changes every second, for those who are told of changes by voice. */
    static String announcement(ClusterSight sight) {
        return String.join(", ", parts(sight, false));
    }

    /** {@code ok}, {@code degraded} or {@code lost}, for the mark beside the sentence. */
    static String level(ClusterSight sight) {
        if (sight.spare() < 0) {
            return "lost";
        }
        boolean whole =
                sight.up() == sight.nodes().size() && sight.links().isEmpty() && sight.hints() == 0;
        return whole ? "ok" : "degraded";
    }

    private static List<String> parts(ClusterSight sight, boolean moving) {
        ClusterConfig config = sight.config();
        List<String> parts = new ArrayList<>();
        parts.add(sight.up() + " of " + sight.nodes().size() + " nodes up");
        int reach = sight.reach();
        parts.add(quorum("writes", "W", config.w(), reach));
        if (reach < config.r()) {
            parts.add(quorum("reads", "R", config.r(), reach));
        }
        for (NodeSight node : sight.nodes()) {
            if (!node.condition().healthy()) {
                String words = node.id() + " " + node.condition().word();
                long lasted = sight.atMillis() - node.sinceMillis();
                parts.add(moving ? words + " " + Words.duration(lasted) : words);
            }
        }
        if (!sight.links().isEmpty()) {
            int count = sight.links().size();
            parts.add(count == 1 ? "1 link disturbed" : count + " links disturbed");
        }
        parts.add(hints(sight.hints(), moving));
        int spare = sight.spare();
        parts.add(
                spare < 0
                        ? "needs " + -spare + " more to serve everything"
                        : "can lose " + spare + (sight.up() < sight.nodes().size() ? " more" : ""));
        return parts;
    }

    private static String quorum(String what, String letter, int needed, int reach) {
        String state = reach >= needed ? " OK (" : " refused (";
        return what + state + letter + "=" + needed + ")";
    }

    private static String hints(long count, boolean moving) {
        if (count == 0) {
            return "no hints waiting";
        }
        return moving ? Words.count(count, "hint") + " waiting" : "hints waiting";
    }
}

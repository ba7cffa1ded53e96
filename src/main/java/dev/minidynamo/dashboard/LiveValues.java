package dev.minidynamo.dashboard;

import dev.minidynamo.agent.NodeState;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything on the page that changes, as texts by name.
 *
 * <p>The page is rendered from this map, and the event stream sends what changed in it, so that a
 * page which is kept up to date and one that is loaded anew read the same. An empty text as the
 * value of an attribute means that the attribute is absent.
 */
final class LiveValues {

    /** A figure of a node's card. */
    record Field(String name, String label, String explanation) {}

    static final List<Field> FIELDS =
            List.of(
                    new Field("keys", "Keys", "keys that hold a value on this node"),
                    new Field("tombstones", "Tombstones", "marks of deletes not yet reaped"),
                    new Field("hints", "Hints for", "writes kept here for nodes that missed them"),
                    new Field("log", "Log", "bytes on disk and the segments that hold them"),
                    new Field("sync", "Sync p99", "time to force the log to disk"),
                    new Field("snapshot", "Snapshot", "age of the last snapshot of the index"),
                    new Field("ae", "Anti-entropy", "last comparison with a peer"),
                    new Field("divergence", "Divergence", "keys known to differ from peers"),
                    new Field("clock", "Clock", "own clock against the cluster's"),
                    new Field("uptime", "Uptime", "since the process started"));

    private final Map<String, String> values = new TreeMap<>();
    private final ClusterSight sight;
    private final Map<String, String> pending;

    private LiveValues(ClusterSight sight, Map<String, String> pending) {
        this.sight = sight;
        this.pending = pending;
    }

    /**
     * The values of a sight.
     *
     * @param pending actions under way by node id, such as "killing…"
     */
    static Map<String, String> of(ClusterSight sight, Map<String, String> pending) {
        LiveValues live = new LiveValues(sight, pending);
        live.health();
        sight.nodes().forEach(live::node);
        live.links();
        return live.values;
    }

    private void health() {
        values.put("health.sentence", Health.sentence(sight));
        values.put("health.announcement", Health.announcement(sight));
        values.put("health.level", Health.level(sight));
        long stopped =
                sight.nodes().stream()
                        .filter(node -> node.condition() != Condition.UP)
                        .filter(node -> node.condition() != Condition.SUSPECT)
                        .filter(node -> node.condition() != Condition.CUT_OFF)
                        .count();
        long faults = stopped + sight.links().size();
        values.put("faults", faults == 0 ? "" : String.valueOf(faults));
    }

    private void node(NodeSight node) {
        String id = node.id() + ".";
        String doing = pending.getOrDefault(node.id(), "");
        values.put(id + "condition", node.condition().key());
        values.put(id + "icon", "#icon-" + node.condition().key());
        values.put(id + "word", doing.isEmpty() ? node.condition().word() : doing);
        values.put(id + "detail", detail(node));
        values.put(id + "asof", asOf(node));
        values.put(id + "stale", node.answering() ? "" : "true");
        values.put(id + "confirm", sight.losesWrites(node.id()) ? "true" : "");
        NodeState state = node.view().state();
        boolean free = doing.isEmpty() && node.view().controllable();
        values.put(id + "no-kill", hideUnless(free && state.running()));
        values.put(id + "no-pause", hideUnless(free && state == NodeState.UP));
        values.put(id + "no-resume", hideUnless(free && state == NodeState.PAUSED));
        values.put(id + "no-restart", hideUnless(free && state != NodeState.STARTING));
        figures(id, node.numbers());
        long seen = node.answering() ? sight.atMillis() : node.numbersAtMillis();
        values.put(id + "uptime", uptime(node.numbers(), seen));
    }

    private static String hideUnless(boolean possible) {
        return possible ? "" : "true";
    }

    private String detail(NodeSight node) {
        String lasted = "for " + Words.duration(sight.atMillis() - node.sinceMillis());
        String note = node.view().note();
        if (!note.isEmpty()) {
            return lasted + " · " + note;
        }
        if (node.condition() == Condition.DOWN) {
            return lasted + " · " + node.view().state().word();
        }
        boolean young = node.condition() == Condition.UP && !node.numbers().synchronised();
        return young ? lasted + " · not yet synchronised" : lasted;
    }

    private String asOf(NodeSight node) {
        if (node.answering()) {
            return "";
        }
        return node.numbersAtMillis() == 0
                ? "has not answered yet"
                : "as of " + Words.ago(node.numbersAtMillis(), sight.atMillis());
    }

    private void figures(String id, NodeNumbers numbers) {
        long now = sight.atMillis();
        values.put(id + "keys", Words.number(numbers.keys()));
        values.put(id + "tombstones", Words.number(numbers.tombstones()));
        values.put(id + "hints", hints(numbers));
        values.put(id + "hint-count", numbers.hints() == 0 ? "" : Words.number(numbers.hints()));
        values.put(
                id + "log",
                numbers.logBytes() < 0
                        ? Words.NONE
                        : Words.bytes(numbers.logBytes())
                                + " in "
                                + Words.count(numbers.segments(), "segment"));
        values.put(id + "sync", Words.micros(numbers.syncP99Micros()));
        values.put(id + "snapshot", Words.ago(numbers.snapshotAtMillis(), now));
        values.put(id + "ae", antiEntropy(numbers));
        values.put(id + "divergence", Words.number(numbers.divergence()));
        values.put(
                id + "clock",
                numbers.known() ? Words.signedMillis(numbers.clockOffsetMillis()) : Words.NONE);
    }

    private static String uptime(NodeNumbers numbers, long seenMillis) {
        return numbers.startedMillis() <= 0
                ? Words.NONE
                : Words.duration(seenMillis - numbers.startedMillis());
    }

    private static String hints(NodeNumbers numbers) {
        if (!numbers.known()) {
            return Words.NONE;
        }
        StringBuilder text = new StringBuilder();
        numbers.hintsByTarget()
                .forEach((target, count) ->
                        text.append(text.isEmpty() ? "" : ", ")
                                .append(target)
                                .append(": ")
                                .append(Words.number(count)));
        return (text.isEmpty() ? "none" : text.toString())
                + (numbers.hintsPaused() ? "; delivery paused" : "");
    }

    private String antiEntropy(NodeNumbers numbers) {
        if (numbers.known() && !numbers.antiEntropyEnabled()) {
            return "paused";
        }
        if (numbers.antiEntropyAtMillis() <= 0) {
            return numbers.known() ? "not yet" : Words.NONE;
        }
        String when = Words.ago(numbers.antiEntropyAtMillis(), sight.atMillis());
        String peer = numbers.antiEntropyPeer();
        String pulled = Words.number(Math.max(0, numbers.antiEntropyPulled())) + " pulled";
        return when + (peer.isEmpty() ? "" : " with " + peer) + ", " + pulled;
    }

    private void links() {
        List<String> ids = sight.nodes().stream().map(NodeSight::id).toList();
        for (int i = 0; i < ids.size(); i++) {
            for (int j = i + 1; j < ids.size(); j++) {
                link(ids.get(i), ids.get(j));
            }
        }
    }

    private void link(String a, String b) {
        String name = "link." + a + "." + b;
        String confirm = sight.losesWrites(a, b) ? "true" : "";
        values.put(name + ".confirm", confirm);
        values.put("link." + b + "." + a + ".confirm", confirm);
        LinkSight fault =
                sight.links().stream().filter(f -> f.joins(a, b)).findFirst().orElse(null);
        if (fault == null) {
            values.put(name, "ok");
            values.put(name + ".text", "");
            return;
        }
        values.put(name, fault.drop() ? "cut" : "slow");
        long left = Math.max(0, fault.untilMillis() - sight.atMillis());
        String what =
                fault.drop()
                        ? "cut"
                        : "slow: +"
                                + fault.delayMillis()
                                + " ms, "
                                + fault.lossPercent()
                                + " % lost";
        values.put(name + ".text", what + ", ends in " + Words.duration(left));
    }
}

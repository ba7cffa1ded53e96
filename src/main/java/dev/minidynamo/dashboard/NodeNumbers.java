package dev.minidynamo.dashboard;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The figures of one node, taken out of its {@code /debug/status}.
 *
 * <p>The one place of the dashboard that knows the names in that document. A figure that the node
 * does not give is -1, or the empty text, and is shown as a dash.
 */
public record NodeNumbers(JsonNode status) {

    /** No figures at all. */
    public static final NodeNumbers NONE = new NodeNumbers(JsonMapper.shared().missingNode());

    /** A figure that is not known. */
    public static final long UNKNOWN = -1;

    private long number(String... path) {
        return at(path).asLong(UNKNOWN);
    }

    /** A node's id, written as a text or as the record that holds it. */
    private static String name(JsonNode id) {
        return id.isObject() ? id.path("value").asString("") : id.asString("");
    }

    private JsonNode at(String... path) {
        JsonNode node = status;
        for (String name : path) {
            node = node.path(name);
        }
        return node;
    }

    public boolean known() {
        return status.isObject();
    }

    public boolean synchronised() {
        return at("synchronised").asBoolean(true);
    }

    public long startedMillis() {
        return number("startedMillis");
    }

    public long clockOffsetMillis() {
        return at("clock", "offsetMillis").asLong(0);
    }

    public long keys() {
        return number("store", "liveKeys");
    }

    public long tombstones() {
        return number("store", "tombstones");
    }

    public long logBytes() {
        return number("store", "log", "bytes");
    }

    public long segments() {
        return number("store", "log", "segments");
    }

    public long syncP99Micros() {
        long nanos = number("store", "log", "forceP99Nanos");
        return nanos < 0 ? UNKNOWN : nanos / 1000;
    }

    public long snapshotAtMillis() {
        return number("store", "snapshot", "atMillis");
    }

    public long hints() {
        return Math.max(0, number("hints", "count"));
    }

    /** Whether somebody holds back the delivery of its hints. */
    public boolean hintsPaused() {
        return at("hints", "paused").asBoolean(false);
    }

    /** Hints that wait on this node, by the node they are for; those with none are left out. */
    public Map<String, Long> hintsByTarget() {
        Map<String, Long> counts = new TreeMap<>();
        for (JsonNode target : at("hints", "targets")) {
            long count = target.path("count").asLong(0);
            if (count > 0) {
                counts.put(name(target.path("target")), count);
            }
        }
        return counts;
    }

    public long antiEntropyAtMillis() {
        return number("antiEntropy", "lastRunMillis");
    }

    public boolean antiEntropyEnabled() {
        return at("antiEntropy", "enabled").asBoolean(true);
    }

    public String antiEntropyPeer() {
        return name(at("antiEntropy", "lastPeer"));
    }

    /** Rounds that this node began since its start. */
    public long antiEntropyRounds() {
        long rounds = 0;
        for (JsonNode peer : at("antiEntropy", "peers")) {
            rounds += peer.path("rounds").asLong(0);
        }
        return rounds;
    }

    public long antiEntropyPulled() {
        return number("antiEntropy", "totalPulled");
    }

    /** Keys that the last comparisons found to differ. */
    public long divergence() {
        long differing = known() ? 0 : UNKNOWN;
        for (JsonNode peer : at("antiEntropy", "peers")) {
            differing += peer.path("differing").asLong(0);
        }
        return differing;
    }

    /** What this node believes of a peer: {@code UP}, {@code SUSPECT}, {@code DOWN}, or empty. */
    public String livenessOf(String peer) {
        for (JsonNode entry : at("peers", "peers")) {
            if (peer.equals(name(entry.path("id")))) {
                return entry.path("liveness").asString("");
            }
        }
        return "";
    }

    /** Reads and writes that this node has coordinated since its start. */
    public long operations() {
        return Math.max(0, number("coordinator", "readLatency", "count"))
                + Math.max(0, number("coordinator", "writeLatency", "count"));
    }

    /** Operations that it could not carry out since its start. */
    public long errors() {
        return Math.max(0, number("coordinator", "rejected"))
                + Math.max(0, number("coordinator", "indeterminate"))
                + Math.max(0, number("coordinator", "readsUnavailable"));
    }

    public long p50Micros() {
        return slower("p50Micros");
    }

    public long p99Micros() {
        return slower("p99Micros");
    }

    private long slower(String quantile) {
        return Math.max(
                number("coordinator", "readLatency", quantile),
                number("coordinator", "writeLatency", quantile));
    }

    /**
     * The faults in force on this node's links.
     *
     * @param self this node
     * @param atMillis wall time at which it gave these figures
     */
    public List<LinkSight> links(String self, long atMillis) {
        List<LinkSight> links = new ArrayList<>();
        for (Map.Entry<String, JsonNode> link : at("links").properties()) {
            JsonNode rule = link.getValue();
            links.add(
                    new LinkSight(
                            self,
                            link.getKey(),
                            rule.path("drop").asBoolean(false),
                            rule.path("delayMillis").asInt(0),
                            rule.path("lossPercent").asInt(0),
                            atMillis + rule.path("leftMillis").asLong(0)));
        }
        return links;
    }

    /** The node's own last events, oldest first. */
    public JsonNode events() {
        return at("events");
    }
}

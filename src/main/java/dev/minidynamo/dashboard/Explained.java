package dev.minidynamo.dashboard;

import dev.minidynamo.model.ClusterConfig;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The answer of a node to a request with {@code explain=true}, read for people.
 *
 * <p>The one place of the dashboard that knows the names in that document.
 */
final class Explained {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Map<String, String> MEANINGS =
            Map.ofEntries(
                    Map.entry("ack", "stored durably"),
                    Map.entry("superseded", "holds a newer version"),
                    Map.entry("hinted", "missed it; a hint waits for it"),
                    Map.entry("newest", "holds the newest version"),
                    Map.entry("stale", "held an older version; being repaired"),
                    Map.entry("missing", "holds nothing"),
                    Map.entry("refused", "was reached and refused"),
                    Map.entry("failed", "did not answer in time"),
                    Map.entry("down", "is down and was not asked"),
                    Map.entry("unasked", "was not asked"),
                    Map.entry("pending", "had not answered yet"));

    /** What is told of nodes to which nothing was sent. */
    private static final Set<String> UNASKED = Set.of("down", "unasked");

    private final JsonNode root;
    private final ClusterConfig config;

    Explained(JsonNode root, ClusterConfig config) {
        this.root = root;
        this.config = config;
    }

    String text(String name) {
        return root.path(name).asString("");
    }

    /** The outcome in a sentence. */
    String headline(boolean read) {
        long needed = root.path("required").asLong(read ? config.r() : config.w());
        long got = root.path("acknowledged").asLong(good());
        String counts = got + " of " + needed + " needed";
        String why = text("why");
        return switch (text("outcome")) {
            case "written" ->
                    "Stored on "
                            + got
                            + (got == 1 ? " replica" : " replicas")
                            + " ("
                            + counts
                            + ")";
            case "found" ->
                    "Found; "
                            + got
                            + (got == 1 ? " replica" : " replicas")
                            + " answered ("
                            + counts
                            + ")";
            case "not found" -> "No value under this key; " + counts + " answered";
            case "rejected" -> "Refused, nothing was sent: " + (why.isEmpty() ? counts : why);
            case "indeterminate" ->
                    "Not enough acknowledgements (" + counts + "); it may appear later";
            case "disk full" -> "The disks are full (" + counts + ")";
            case "unavailable" ->
                    "Not enough replicas answered ("
                            + counts
                            + ")"
                            + (why.isEmpty() ? "" : ": " + why);
            default -> why.isEmpty() ? text("detail") : why;
        };
    }

    private long good() {
        return Stream.of("ack", "superseded", "newest", "stale", "missing")
                .mapToLong(this::with)
                .sum();
    }

    private long with(String answer) {
        long count = 0;
        for (JsonNode replica : root.path("replicas")) {
            count += replica.path("answer").asString("").equals(answer) ? 1 : 0;
        }
        return count;
    }

    List<String> facts() {
        List<String> facts = new ArrayList<>();
        addIf(facts, "", text("consistency"));
        if (root.has("latencyMicros")) {
            facts.add(Words.micros(root.path("latencyMicros").asLong()));
        }
        addIf(facts, "version ", text("version"));
        addIf(facts, "partition ", text("partition"));
        addIf(facts, "", text("contentType"));
        return facts;
    }

    private static void addIf(List<String> facts, String label, String text) {
        if (!text.isEmpty()) {
            facts.add(label + text);
        }
    }

    boolean hasValue() {
        return root.path("valueBase64").isString();
    }

    byte[] value() {
        try {
            return Base64.getDecoder().decode(text("valueBase64"));
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** Why a value is not shown, in a sentence; a node leaves long ones out of its explanation. */
    String unshown() {
        long bytes = root.path("valueBytes").asLong(-1);
        return bytes < 0 || hasValue()
                ? ""
                : "The value is too long to be shown here ("
                        + Words.bytes(bytes)
                        + "). The command below gets it; add -o FILE to save it.";
    }

    List<KvResult.Row> rows() {
        List<KvResult.Row> rows = new ArrayList<>();
        for (JsonNode replica : root.path("replicas")) {
            String answer = replica.path("answer").asString("").toLowerCase(java.util.Locale.ROOT);
            String node = replica.path("node").asString("");
            long micros = replica.path("elapsedMicros").asLong(0);
            rows.add(
                    new KvResult.Row(
                            node,
                            slot(node),
                            replica.path("standsFor").asString(""),
                            answer,
                            MEANINGS.getOrDefault(answer, answer),
                            micros == 0 ? Words.NONE : Words.micros(micros),
                            replica.path("version").asString(written(answer)),
                            replica.path("detail").asString("")));
        }
        return rows;
    }

    /** Whoever acknowledged a write holds its version. */
    private String written(String answer) {
        return answer.equals("ack") ? text("version") : "";
    }

    int slot(String node) {
        for (int i = 0; i < config.nodes().size(); i++) {
            if (config.nodes().get(i).id().value().equals(node)) {
                return i;
            }
        }
        return 0;
    }

    /** What happened, in the order in which it happened. */
    List<TraceStep> trace(KvForm form) {
        String coordinator = form.node();
        List<TraceStep> steps = new ArrayList<>();
        String what = form.operation() + " " + form.key().text();
        steps.add(
                new TraceStep(
                        "client",
                        "",
                        coordinator,
                        0,
                        "A client asks " + coordinator + ": " + what + "."));
        if (root.has("token")) {
            steps.add(placed(coordinator));
        }
        List<JsonNode> replicas = new ArrayList<>();
        root.path("replicas").forEach(replicas::add);
        replicas.stream()
                .filter(replica -> !missed(replica))
                .forEach(replica -> steps.add(asked(coordinator, replica)));
        replicas.stream()
                .filter(replica -> !UNASKED.contains(answer(replica)))
                .sorted(Comparator.comparingLong(r -> answeredAt(r)))
                .forEach(replica -> steps.add(answered(coordinator, replica)));
        long end = root.path("latencyMicros").asLong(0);
        boolean read = form.operation().equals("get");
        steps.add(new TraceStep("done", coordinator, "", end, headline(read) + "."));
        return steps;
    }

    private static long answeredAt(JsonNode replica) {
        long micros = replica.path("elapsedMicros").asLong(0);
        return micros == 0 ? Long.MAX_VALUE : micros;
    }

    private TraceStep placed(String coordinator) {
        String owners = String.join(", ", names("primaries"));
        String text = "The key falls on token " + text("token") + "; its replicas are " + owners;
        return new TraceStep("place", coordinator, coordinator, 0, text + ".");
    }

    private static String answer(JsonNode replica) {
        return replica.path("answer").asString("");
    }

    /** Whether a hint was stored for a node that said nothing: it may not have been asked. */
    private static boolean missed(JsonNode replica) {
        return answer(replica).equals("hinted") && replica.path("elapsedMicros").asLong(0) == 0;
    }

    private static TraceStep asked(String coordinator, JsonNode replica) {
        String node = replica.path("node").asString("");
        String answer = answer(replica);
        if (UNASKED.contains(answer)) {
            String text = node + " " + MEANINGS.get(answer) + ".";
            return new TraceStep("skip", coordinator, node, 0, text);
        }
        String text =
                node.equals(coordinator)
                        ? coordinator + " asks its own store."
                        : coordinator + " asks " + node + ".";
        return new TraceStep("ask", coordinator, node, 0, text);
    }

    private static TraceStep answered(String coordinator, JsonNode replica) {
        String node = replica.path("node").asString("");
        String answer = answer(replica);
        long micros = replica.path("elapsedMicros").asLong(0);
        String time = micros == 0 ? "" : " after " + Words.micros(micros);
        String text = node + time + ": " + MEANINGS.getOrDefault(answer, answer) + ".";
        if (answer.equals("hinted")) {
            return new TraceStep("hint", node, node, micros, text);
        }
        String kind =
                switch (answer) {
                    case "ack", "newest", "stale", "missing", "superseded" -> "answer";
                    case "pending" -> "pending";
                    default -> "lost";
                };
        return new TraceStep(kind, node, coordinator, micros, text);
    }

    private List<String> names(String field) {
        List<String> names = new ArrayList<>();
        root.path(field).forEach(name -> names.add(name.asString("")));
        return names;
    }

    static String json(Object steps) {
        return JSON.writeValueAsString(steps);
    }
}

package dev.minidynamo.app.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code status}: each node's state on one line. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Shows each node that the given ones know: whether it answers, its hints, repairs and"
                    + " log.",
            ""
        })
public final class StatusCommand implements Callable<Integer> {

    private static final int UNAUTHORIZED = 401;
    private static final String ROW = "%-6s %-28s %-12s %8s %12s %12s";

    @Mixin private final ClientOptions client = new ClientOptions();
    @Mixin private final SecretToken secret = new SecretToken();

    @Spec private @Nullable CommandSpec spec;

    private boolean refused;

    @Override
    public Integer call() {
        Output output = new Output(spec, client.json);
        client.token = secret.value;
        Client http = new Client(client);
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Map.Entry<String, String> node : nodes(http).entrySet()) {
            rows.add(row(http, node.getKey(), node.getValue()));
        }
        if (client.json) {
            output.json(Map.of("nodes", rows));
        } else {
            table(output, rows);
        }
        if (refused) {
            output.error(
                    "a node answered 401: its figures need the secret; set DYNAMO_SECRET, or give"
                            + " --token.");
        }
        long answered = rows.stream().filter(row -> "up".equals(row.get("state"))).count();
        if (answered == 0) {
            return Exit.UNREACHABLE;
        }
        return answered == rows.size() && !refused ? Exit.OK : Exit.FAILED;
    }

    /** Base address to id: what the first answering node's ring says, else the given addresses. */
    private Map<String, String> nodes(Client http) {
        Map<String, String> nodes = new LinkedHashMap<>();
        for (String url : http.urls()) {
            JsonNode ring = json(http, url, "/debug/ring");
            if (ring != null && ring.path("nodes").isArray()) {
                String scheme = url.substring(0, url.indexOf("://") + 3);
                ring.path("nodes").forEach(node -> addNode(nodes, scheme, node));
                if (!nodes.isEmpty()) {
                    return nodes;
                }
            }
        }
        http.urls().forEach(url -> nodes.put(url, "-"));
        return nodes;
    }

    private static void addNode(Map<String, String> nodes, String scheme, JsonNode node) {
        String address = node.path("address").asString(node.path("addr").asString(""));
        if (!address.isEmpty()) {
            nodes.put(scheme + address, node.path("id").asString("-"));
        }
    }

    private Map<String, @Nullable Object> row(Client http, String url, String id) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", id);
        row.put("url", url);
        row.put("state", state(http, url));
        row.put("hints", number(json(http, url, "/debug/hints"), "count"));
        row.put("pulled", number(json(http, url, "/debug/ae"), "total_pulled"));
        row.put("logBytes", number(json(http, url, "/debug/persist"), "wal_bytes"));
        return row;
    }

    private static String state(Client http, String url) {
        try {
            Client.Answer answer = http.sendTo(url, Client.Call.of("GET", "/health"));
            return answer.ok() ? "up" : "status " + answer.status();
        } catch (IOException e) {
            return "no answer";
        }
    }

    private @Nullable JsonNode json(Client http, String url, String path) {
        try {
            Client.Answer answer = http.sendTo(url, Client.Call.of("GET", path));
            refused |= answer.status() == UNAUTHORIZED;
            return answer.ok() ? Output.parse(answer.text()) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable Long number(@Nullable JsonNode node, String field) {
        return node == null || !node.path(field).isNumber()
                ? null
                : Long.valueOf(node.path(field).asLong());
    }

    private static void table(Output output, List<Map<String, @Nullable Object>> rows) {
        output.line(ROW.formatted("node", "address", "state", "hints", "pulled", "log bytes"));
        for (Map<String, @Nullable Object> row : rows) {
            Object[] cells = row.values().stream().map(cell -> cell == null ? "-" : cell).toArray();
            output.line(ROW.formatted(cells));
        }
    }
}

package dev.minidynamo.dashboard;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * A request as a person fills it into the console.
 *
 * @param operation get, put or delete
 * @param node through which node
 * @param key as it is typed, with its bytes
 * @param value of a put, in {@code format}
 * @param r replicas that must answer a get; 0 for the cluster's own
 * @param w replicas that must store a put or delete; 0 for the cluster's own
 */
public record KvForm(
        String operation,
        String node,
        TypedKey key,
        String value,
        String format,
        int r,
        int w,
        String mode) {

    /** An empty form. */
    static KvForm blank(ClusterConfig config) {
        String first = config.nodes().getFirst().id().value();
        return new KvForm(
                "get", first, TypedKey.of("", ""), "", "text", config.r(), config.w(), "sloppy");
    }

    /** What a browser sends, with what it leaves out. */
    static KvForm of(java.util.Map<String, String> given, ClusterConfig config) {
        KvForm blank = blank(config);
        return new KvForm(
                given.getOrDefault("operation", blank.operation).toLowerCase(Locale.ROOT),
                given.getOrDefault("node", blank.node),
                TypedKey.of(given.getOrDefault("key", ""), given.getOrDefault("keyEncoded", "")),
                // A browser ends the lines of a form so; the console's script does not.
                given.getOrDefault("value", "").replace("\r\n", "\n"),
                given.getOrDefault("format", blank.format),
                number(given.get("r"), "R", config.r(), config.n()),
                number(given.get("w"), "W", config.w(), config.n()),
                given.getOrDefault("mode", blank.mode));
    }

    private static int number(@Nullable String text, String name, int usual, int most) {
        if (text == null || text.isBlank()) {
            return usual;
        }
        if (text.matches("\\d{1,4}")
                && Integer.parseInt(text) >= 1
                && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException(
                name + " is \"" + text + "\"; accepted is 1 to " + most + ".");
    }

    /** What is wrong with the form in a sentence, or null. */
    @Nullable String mistake(ClusterConfig config) {
        if (!operation.matches("get|put|delete")) {
            return "The operation is \"" + operation + "\"; accepted is get, put or delete.";
        }
        if (config.ids().stream().noneMatch(id -> id.value().equals(node))) {
            return "There is no node \"" + node + "\"; accepted is one of " + config.ids() + ".";
        }
        int bytes = key.length();
        if (bytes < 1 || bytes > Key.MAX_BYTES) {
            return "The key has " + bytes + " bytes; accepted is 1 to " + Key.MAX_BYTES + ".";
        }
        return mode.matches("strict|sloppy")
                ? null
                : "The mode is \"" + mode + "\"; accepted is strict or sloppy.";
    }

    String method() {
        return operation.toUpperCase(Locale.ROOT);
    }

    /** The node's path with the query, for this operation. */
    String path() {
        String quorum = operation.equals("get") ? "r=" + r : "w=" + w;
        return "/kv?key=" + key.encoded() + "&" + quorum + "&mode=" + mode;
    }

    String address(ClusterConfig config) {
        return config.member(new NodeId(node)).address();
    }

    /** The same request for a shell, which is to know the token, if one is needed, by its name. */
    String curl(ClusterConfig config, String scheme, boolean token) {
        String curl = token ? "curl -H \"Authorization: Bearer $DYNAMO_API_TOKEN\" " : "curl ";
        String url = quoted(scheme + "://" + address(config) + path());
        return switch (operation) {
            case "put" ->
                    curl
                            + "-X PUT -H "
                            + quoted("Content-Type: " + ValueFormat.of(format).contentType())
                            + " "
                            + body()
                            + " "
                            + url;
            case "delete" -> curl + "-X DELETE " + url;
            default -> curl + url;
        };
    }

    private String body() {
        return format.equals("hex")
                ? "--data-binary @<(echo " + quoted(value) + " | xxd -r -p)"
                : "--data-raw " + quoted(value);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}

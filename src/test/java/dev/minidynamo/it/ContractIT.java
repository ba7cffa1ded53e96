package dev.minidynamo.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.Reader;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Holds a running node to the description of its API: requests are made from the description, valid
 * ones and wrong ones, and each answer must be one that it tells of.
 */
class ContractIT {

    private static final long SEED = 20_261;
    private static final int REQUESTS_PER_OPERATION = 60;
    private static final int LONG_ENOUGH_MILLIS = 60_000;
    private static final List<String> METHODS = List.of("put", "get", "head", "delete");

    private static RealCluster cluster;
    private static Description description;

    private final Random random = new Random(SEED);
    private String lastVersion = "\"1-n1-2\"";
    private final JsonMapper json = JsonMapper.builder().build();

    @BeforeAll
    static void start() throws IOException {
        cluster = RealCluster.of(3).start();
        try (Reader text =
                Files.newBufferedReader(Path.of("src/main/resources/api/openapi.yaml"))) {
            Map<String, Object> root =
                    new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
            description = new Description(root);
        }
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @Test
    void theNodeServesTheDescription() {
        String served = cluster.send("GET", cluster.url("n1") + "/v3/api-docs", null).body();
        assertThat(json.readTree(served)).isEqualTo(json.valueToTree(description.root()));
    }

    @Test
    void thePageThatShowsItNeedsNoOtherHost() {
        String page = cluster.send("GET", cluster.url("n1") + "/swagger-ui.html", null).body();
        assertThat(page).contains("/v3/api-docs").doesNotContain("http://", "https://");
        for (String file : List.of("swagger-ui.css", "swagger-ui-bundle.js")) {
            assertThat(page).contains("/swagger-ui/" + file);
            String url = cluster.url("n1") + "/swagger-ui/" + file;
            assertThat(cluster.send("GET", url, null).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void everyAnswerIsOneThatTheDescriptionTellsOf() {
        Set<String> seen = new TreeSet<>();
        description
                .map(description.root(), "paths")
                .forEach((path, item) -> seen.addAll(exercise(path, item)));
        assertThat(seen)
                .contains("get /kv/{key} 200", "get /kv/{key} 400", "get /kv/{key} 404")
                .contains("get /kv/{key} 304", "head /kv/{key} 200", "head /kv/{key} 404")
                .contains("put /kv/{key} 204", "put /kv/{key} 200", "put /kv/{key} 400")
                .contains("delete /kv/{key} 204", "get /kv 200", "put /kv 204");
    }

    /** In turns, so that reads meet what writes left, and the other way round. */
    private Set<String> exercise(String path, Object item) {
        Set<String> offered = description.map(item).keySet();
        Set<String> seen = new TreeSet<>();
        for (int i = 0; i < REQUESTS_PER_OPERATION; i++) {
            for (String method : METHODS) {
                if (offered.contains(method)) {
                    seen.add(method + " " + path + " " + exercise(path, method, i));
                }
            }
        }
        return seen;
    }

    private int exercise(String path, String method, int round) {
        List<Map<String, Object>> parameters = description.parameters(path, method);
        Made made = make(path, parameters, round % 4 == 0);
        HttpResponse<String> answer =
                cluster.send(
                        method.toUpperCase(Locale.ROOT),
                        cluster.url("n1") + made.path(),
                        method.equals("put") ? "value " + round : null,
                        made.headers().toArray(String[]::new));
        String what = method + " " + made.path() + " gives " + answer.statusCode();
        check(description.operation(path, method), answer, what);
        lastVersion = answer.headers().firstValue("ETag").orElse(lastVersion);
        if (made.wrong()) {
            assertThat(answer.statusCode()).as(what).isEqualTo(400);
        }
        return answer.statusCode();
    }

    private void check(Map<String, Object> operation, HttpResponse<String> answer, String what) {
        Map<String, Object> responses = description.map(operation, "responses");
        String status = String.valueOf(answer.statusCode());
        assertThat(responses).as(what).containsKey(status);
        Map<String, Object> response = description.map(responses, status);
        if (!what.contains("explain=true")) {
            for (String name : description.map(response, "headers").keySet()) {
                assertThat(answer.headers().firstValue(name)).as(what + ": " + name).isPresent();
            }
        }
        body(description.map(response, "content"), answer, what);
    }

    private void body(Map<String, Object> content, HttpResponse<String> answer, String what) {
        if (content.isEmpty()) {
            assertThat(answer.body()).as(what).isEmpty();
        } else if (!content.containsKey("*/*")) {
            String type = answer.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
            assertThat(content).as(what + " as " + type).containsKey(type);
            Object value =
                    type.endsWith("json")
                            ? json.readValue(answer.body(), Object.class)
                            : answer.body();
            Object schema = description.map(content, type).get("schema");
            assertThat(description.violations(schema, value, "$"))
                    .as(what + "\n" + answer.body())
                    .isEmpty();
        }
    }

    /** A request that was made, on purpose wrong or not. */
    private record Made(String path, List<String> headers, boolean wrong) {}

    private Made make(String template, List<Map<String, Object>> parameters, boolean wrong) {
        List<Map<String, Object>> spoilable =
                parameters.stream()
                        .filter(one -> one.get("in").equals("query"))
                        .filter(one -> wrongValue(description.map(one, "schema")) != null)
                        .toList();
        Map<String, Object> spoiled =
                wrong && !spoilable.isEmpty()
                        ? spoilable.get(random.nextInt(spoilable.size()))
                        : null;
        String path = template;
        List<String> query = new ArrayList<>();
        List<String> headers = new ArrayList<>();
        for (Map<String, Object> parameter : parameters) {
            String name = String.valueOf(parameter.get("name"));
            Map<String, Object> schema = description.map(parameter, "schema");
            String value = parameter == spoiled ? wrongValue(schema) : value(schema);
            boolean given =
                    parameter == spoiled
                            || Boolean.TRUE.equals(parameter.get("required"))
                            || random.nextInt(3) == 0;
            if (parameter.get("in").equals("path")) {
                path = path.replace("{" + name + "}", encode(value));
            } else if (given && parameter.get("in").equals("query")) {
                query.add(name + "=" + encode(value));
            } else if (given) {
                headers.addAll(List.of(name, value));
            }
        }
        String tail = query.isEmpty() ? "" : "?" + String.join("&", query);
        return new Made(path + tail, headers, spoiled != null);
    }

    private String value(Map<String, Object> schema) {
        if (schema.get("enum") instanceof List<?> choices) {
            return String.valueOf(choices.get(random.nextInt(choices.size())));
        }
        return switch (String.valueOf(schema.get("type"))) {
            case "integer" -> whole(schema);
            case "boolean" -> String.valueOf(random.nextBoolean());
            default -> text(schema);
        };
    }

    /**
     * The greatest time, since with a short one the answer would depend on how busy the machine is.
     */
    private String whole(Map<String, Object> schema) {
        int least = ((Number) schema.get("minimum")).intValue();
        int most = ((Number) schema.get("maximum")).intValue();
        int chosen = least + random.nextInt(most - least + 1);
        return String.valueOf(most == LONG_ENOUGH_MILLIS ? most : chosen);
    }

    private String text(Map<String, Object> schema) {
        String pattern = String.valueOf(schema.getOrDefault("pattern", ".*"));
        String word = "k" + random.nextInt(5);
        if (pattern.startsWith("^[A-Za-z0-9_-]*")) {
            return "azE"; // a cursor is a key in Base64
        }
        return word.matches(pattern) ? word : lastVersion;
    }

    /** A value that the schema forbids, or null where any is allowed. */
    private static String wrongValue(Map<String, Object> schema) {
        if (schema.containsKey("enum")) {
            return "neither";
        }
        return switch (String.valueOf(schema.get("type"))) {
            case "integer" -> "0";
            case "boolean" -> "maybe";
            default -> null;
        };
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

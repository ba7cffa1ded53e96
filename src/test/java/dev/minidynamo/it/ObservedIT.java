package dev.minidynamo.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an operator's tools see of a real cluster with a secret. */
class ObservedIT {

    private static final String SECRET = "a-secret-that-must-not-be-seen";
    private static final String TOKEN = "an-api-token-that-must-not-be-seen";

    private static final Pattern TIME =
            Pattern.compile("_(age|drift|latency|offset|oldest|recovery|silence|trip)(_|$)");
    private static final Pattern OTHER_UNIT =
            Pattern.compile(
                    "_(ms|us|ns|millis|micros|nanos|(milli|micro|nano)seconds|minutes|hours|[kmg]i?b|(kilo|mega|giga)bytes|percent)(_|$)");

    private static RealCluster cluster;

    @BeforeAll
    static void start() {
        cluster =
                RealCluster.of(2)
                        .quorum(2, 1, 1)
                        .environment("DYNAMO_SECRET", SECRET)
                        .environment("DYNAMO_API_TOKEN", TOKEN)
                        .environment("LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs")
                        .start();
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    private static String body(String path) {
        var answer = cluster.send("GET", cluster.url("n1") + path, null);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }

    @Test
    void healthTellsItsComponents() {
        assertThat(body("/actuator")).contains("/actuator/health\"", "/actuator/prometheus\"");
        String health = body("/actuator/health");
        assertThat(health)
                .contains(
                        "\"quorum\"", "\"storage\"", "\"hints\"", "\"clock\"", "\"status\":\"UP\"");
    }

    @Test
    void eachMetricHasADescriptionAndIsDocumented() throws IOException {
        String metrics = body("/actuator/prometheus");
        Set<String> served = names("(?m)^# TYPE (dynamo_\\w+) ", metrics);
        assertThat(served).hasSizeGreaterThan(25);
        assertThat(names("(?m)^# HELP (dynamo_\\w+) \\S", metrics)).isEqualTo(served);
        assertThat(names("`(dynamo_\\w+)`", Files.readString(Path.of("docs/operating.md"))))
                .isEqualTo(served);
    }

    @Test
    void metricsAreInBaseUnitsThatTheirNamesTell() {
        Set<String> served = names("(?m)^# TYPE (dynamo_\\w+) ", body("/actuator/prometheus"));
        assertThat(served).noneMatch(name -> OTHER_UNIT.matcher(name).find());
        List<String> times = served.stream().filter(TIME.asPredicate()).toList();
        assertThat(times).hasSizeGreaterThan(8).allMatch(name -> name.endsWith("_seconds"));
    }

    @Test
    void operationsAreCountedByTheirOutcomeAndMode() {
        String url = cluster.url("n1") + "/kv/k?mode=strict";
        String counted =
                "dynamo_operations_total{mode=\"strict\",operation=\"write\",outcome=\"written\"}";
        double before = metric(counted);
        assertThat(status("PUT", url, "v", "Bearer " + TOKEN)).isEqualTo(204);
        cluster.await("the write is counted", () -> metric(counted) == before + 1);
        String sloppy = counted.replace("strict", "sloppy");
        double sloppyBefore = metric(sloppy);
        assertThat(status("PUT", cluster.url("n1") + "/kv/k", "v", "Bearer " + TOKEN))
                .isEqualTo(204);
        cluster.await("the sloppy write is counted", () -> metric(sloppy) == sloppyBefore + 1);
        assertThat(metric(counted.replace("written", "rejected"))).isZero();
    }

    @Test
    void aLatencyIsInTheBucketsOfItsOperationAndMode() {
        String buckets =
                "dynamo_operation_latency_seconds_bucket{mode=\"strict\",operation=\"read\"";
        double before = metric(buckets + ",le=\"+Inf\"}");
        assertThat(status("GET", cluster.url("n1") + "/kv/l?mode=strict", null, "Bearer " + TOKEN))
                .isEqualTo(404);
        cluster.await("the read is counted", () -> metric(buckets + ",le=\"+Inf\"}") == before + 1);
        String metrics = body("/actuator/prometheus");
        assertThat(metrics).contains("# TYPE dynamo_operation_latency_seconds histogram");
        Matcher bucket =
                Pattern.compile("(?m)^" + Pattern.quote(buckets) + ",le=\"[^\"]+\"} (\\d+)")
                        .matcher(metrics);
        List<Long> counts = bucket.results().map(found -> Long.valueOf(found.group(1))).toList();
        assertThat(counts).hasSize(16).isSorted();
    }

    private static double metric(String name) {
        return body("/actuator/prometheus")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }

    @Test
    void infoTellsTheVersionTheNodeAndItsRing() {
        assertThat(body("/actuator/info")).contains("\"version\"", "\"n1\"", "\"ringFingerprint\"");
    }

    @Test
    void whatIsGuardedNeedsItsToken() {
        String kv = cluster.url("n1") + "/kv/k";
        assertThat(status("PUT", kv, "v", "Bearer wrong")).isEqualTo(401);
        assertThat(status("PUT", kv, "v", "Bearer " + SECRET)).isEqualTo(401);
        assertThat(status("PUT", kv, "v", "Bearer " + TOKEN)).isEqualTo(204);
        for (String path : new String[] {"/actuator/prometheus", "/debug/ring", "/debug/hints"}) {
            String url = cluster.url("n1") + path;
            assertThat(status("GET", url, null, "Bearer " + TOKEN)).as(path).isEqualTo(401);
            assertThat(status("GET", url, null, "Bearer " + SECRET)).as(path).isEqualTo(200);
        }
    }

    @Test
    void theEnvironmentIsNotServed() {
        assertThat(status("GET", cluster.url("n1") + "/actuator/env", null, "Bearer " + SECRET))
                .isEqualTo(404);
        assertThat(
                        status(
                                "GET",
                                cluster.url("n1") + "/actuator/configprops",
                                null,
                                "Bearer " + SECRET))
                .isEqualTo(404);
    }

    @Test
    void noSecretIsInTheLogs() {
        status("GET", cluster.url("n1") + "/kv/k", null, "Bearer wrong");
        assertThat(cluster.log("n1") + cluster.log("n2"))
                .doesNotContain(SECRET)
                .doesNotContain(TOKEN);
    }

    @Test
    void eachLineOfTheLogIsAnObjectOfTheElasticCommonSchemaOnRequest() {
        JsonMapper json = JsonMapper.builder().build();
        List<String> lines = cluster.log("n1").lines().toList();
        assertThat(lines).isNotEmpty();
        for (String line : lines) {
            JsonNode event = json.readTree(line);
            assertThat(event.has("@timestamp")).as(line).isTrue();
            assertThat(event.path("message").asString("")).as(line).isNotEmpty();
            assertThat(event.at("/ecs/version").asString("")).as(line).isNotEmpty();
            assertThat(event.at("/log/level").asString("")).as(line).isNotEmpty();
        }
    }

    @Test
    void requestsAreNotLogged() {
        for (int i = 0; i < 50; i++) {
            status("PUT", cluster.url("n1") + "/kv/unlogged" + i, "v", "Bearer " + TOKEN);
            status("GET", cluster.url("n1") + "/kv/unlogged" + i, null, "Bearer " + TOKEN);
        }
        assertThat(cluster.log("n1") + cluster.log("n2"))
                .doesNotContain("unlogged", "Initializing Servlet", "exclusive executor");
    }

    private static int status(String method, String url, String body, String authorization) {
        return cluster.send(method, url, body, "Authorization", authorization).statusCode();
    }

    private static Set<String> names(String pattern, String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }
}

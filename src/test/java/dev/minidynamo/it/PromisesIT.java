package dev.minidynamo.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** The promises under failure, shown on real processes. */
class PromisesIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** P2, P4: with as many nodes as replicas every miss still leaves a hint. */
    @Test
    void everyWriteThatADeadReplicaMissedIsAHintThatBringsItLater() {
        try (RealCluster cluster = RealCluster.of(3).flags("--ae=false").start()) {
            cluster.kill("n2");
            cluster.awaitDown("n1", "n2");
            write(cluster, "n1", 200);
            assertThat(hints(cluster, "n1")).isEqualTo(200);
            cluster.restart("n2");
            cluster.awaitReady("n2");
            cluster.await("the hints are delivered", () -> hints(cluster, "n1") == 0);
            assertThat(keysHeld(cluster, "n2", 200)).isEqualTo(200);
        }
    }

    /** P4: what neither hints nor anti-entropy bring, reads do. */
    @Test
    void readsBringWhatADeadReplicaMissed() {
        try (RealCluster cluster = RealCluster.of(3).flags("--hints=false", "--ae=false").start()) {
            assertThat(cluster.put("n2", "earlier", "so that n2 is not blank")).isEqualTo(204);
            cluster.kill("n2");
            cluster.awaitDown("n1", "n2");
            write(cluster, "n1", 20);
            cluster.restart("n2");
            cluster.awaitReady("n2");
            assertThat(keysHeld(cluster, "n2", 20)).isZero();
            cluster.await(
                    "n2 holds every key that was read",
                    () -> {
                        for (int i = 0; i < 20; i++) {
                            assertThat(cluster.get("n1", "key-" + i)).isEqualTo("value-" + i);
                        }
                        return keysHeld(cluster, "n2", 20) == 20;
                    });
        }
    }

    /** Replica writes run on after the answer at W, and are never cancelled. */
    @Test
    void aHealthyClusterEndsWithEveryReplicaInPlace() {
        try (RealCluster cluster = RealCluster.of(3).flags("--ae=false", "--hints=false").start()) {
            write(cluster, "n1", 1_000);
            for (String node : cluster.ids()) {
                cluster.await(
                        node + " holds every key", () -> keysHeld(cluster, node, 1_000) == 1_000);
            }
            assertKeepsItsDeletes(cluster);
        }
    }

    /** P3: fallbacks stand in for two dead primaries, for writes and for reads. */
    @Test
    void withTwoPrimariesDeadWritesAndReadsGoOnAndAgree() {
        try (RealCluster cluster = RealCluster.of(5).quorum(3, 2, 2).start()) {
            JsonNode place = json(cluster, "n1", "/debug/explain/cat");
            List<String> primaries = new ArrayList<>();
            place.get("primaries").forEach(node -> primaries.add(node.asString()));
            List<String> left = new ArrayList<>(cluster.ids());
            primaries.subList(0, 2).forEach(cluster::kill);
            left.removeAll(primaries.subList(0, 2));
            left.forEach(
                    node -> primaries.subList(0, 2).forEach(dead -> cluster.awaitDown(node, dead)));
            for (int i = 0; i < 20; i++) {
                String writer = left.get(i % 3);
                assertThat(cluster.put(writer, "cat", "life-" + i)).isEqualTo(204);
                for (String reader : left) {
                    assertThat(cluster.get(reader, "cat")).isEqualTo("life-" + i);
                }
            }
        }
    }

    /** P8: a clock that is an hour slow does not make its node's writes lose. */
    @Test
    void writesOfANodeWhoseClockIsAnHourSlowWinOverWhatWasBefore() {
        try (RealCluster cluster =
                RealCluster.of(3).flags("--mode=strict").clockOff("n2", -3600).start()) {
            String date =
                    cluster.send("GET", cluster.url("n2") + "/health", null)
                            .headers()
                            .firstValue("Date")
                            .orElseThrow();
            Duration behind =
                    Duration.between(
                            ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant(),
                            Instant.now());
            assertThat(behind).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
            cluster.await("n2 says that its clock is off", () -> clockIsOff(cluster, "n2"));
            assertThat(clockIsOff(cluster, "n1")).isFalse();
            for (int i = 0; i < 20; i++) {
                assertThat(cluster.put("n1", "key-" + i, "before")).isEqualTo(204);
                assertThat(cluster.put("n2", "key-" + i, "after")).isEqualTo(204);
                for (String node : cluster.ids()) {
                    assertThat(cluster.get(node, "key-" + i)).isEqualTo("after");
                }
            }
        }
    }

    private static boolean clockIsOff(RealCluster cluster, String node) {
        var health = cluster.send("GET", cluster.url(node) + "/actuator/health", null);
        return JsonMapper.shared()
                .readTree(health.body())
                .at("/components/clock/status")
                .asString("none")
                .equals("DOWN");
    }

    /** P8: a timestamp far in the future, which would hide every later write, is refused. */
    @Test
    void aTombstoneFromTheFarFutureIsRefused() {
        try (RealCluster cluster = RealCluster.of(3).start()) {
            assertThat(cluster.put("n1", "cat", "miaow")).isEqualTo(204);
            long nextYear = Instant.now().plus(Duration.ofDays(365)).toEpochMilli() << 16;
            var answer =
                    cluster.send(
                            "POST",
                            cluster.url("n1") + "/internal/put",
                            "{\"key\":\"cat\",\"tombstone\":true,\"ts\":" + nextYear + "}",
                            "Content-Type",
                            "application/json");
            assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
            assertThat(answer.body()).contains("ahead");
            assertThat(cluster.get("n1", "cat")).isEqualTo("miaow");
            assertThat(cluster.put("n2", "cat", "purr")).isEqualTo(204);
            assertThat(cluster.get("n3", "cat")).isEqualTo("purr");
        }
    }

    /** P7: a delete is kept for the grace, and a node says for how long. */
    private static void assertKeepsItsDeletes(RealCluster cluster) {
        assertThat(cluster.send("DELETE", cluster.url("n1") + "/kv/key-0", null).statusCode())
                .isEqualTo(204);
        assertThat(cluster.send("GET", cluster.url("n1") + "/debug/tombstones", null).body())
                .contains("\"reaped\":0", "\"because\":\"too young until 20");
    }

    private static void write(RealCluster cluster, String node, int count) {
        for (int i = 0; i < count; i++) {
            var answer = cluster.send("PUT", cluster.url(node) + "/kv/key-" + i, "value-" + i);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        }
    }

    private static long hints(RealCluster cluster, String node) {
        return json(cluster, node, "/debug/hints").get("count").asLong();
    }

    /** How many of the keys the node holds itself, as its own value. */
    private static int keysHeld(RealCluster cluster, String node, int count) {
        int held = 0;
        for (int i = 0; i < count; i++) {
            String body = "{\"key\":\"key-" + i + "\"}";
            String answer =
                    cluster.send(
                                    "POST",
                                    cluster.url(node) + "/internal/get",
                                    body,
                                    "Content-Type",
                                    "application/json")
                            .body();
            JsonNode record = JSON.readTree(answer);
            boolean live =
                    record.path("found").asBoolean()
                            && !record.path("record").path("tombstone").asBoolean();
            held += live ? 1 : 0;
        }
        return held;
    }

    private static JsonNode json(RealCluster cluster, String node, String path) {
        return JSON.readTree(cluster.send("GET", cluster.url(node) + path, null).body());
    }
}

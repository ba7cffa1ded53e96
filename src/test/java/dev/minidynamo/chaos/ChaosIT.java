package dev.minidynamo.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Three processes of 256 MB under a seeded schedule of SIGKILL, SIGSTOP and cut links, while
 * clients write and read in strict mode; their history is checked as the simulator checks its own.
 *
 * <p>{@code -Ddynamo.chaos.seed=N} repeats a schedule, {@code -Ddynamo.chaos.seconds=N} sets how
 * long it lasts.
 */
@DisabledOnOs(OS.WINDOWS)
class ChaosIT {

    private static final long SEED = Long.getLong("dynamo.chaos.seed", System.nanoTime() & 0xffff);
    private static final int CLIENTS = 4;

    @TempDir private Path folder;

    @Test
    @DisplayName("P1, P2, P4, P5: three processes keep what they acknowledged")
    void threeProcessesKeepWhatTheyAcknowledged() throws Exception {
        run(Long.getLong("dynamo.chaos.seconds", 120));
    }

    @Test
    @Tag("soak")
    @DisplayName("P1, P2, P4, P5: three processes keep what they acknowledged for an hour")
    void threeProcessesKeepWhatTheyAcknowledgedForAnHour() throws Exception {
        run(3_600);
    }

    private void run(long seconds) throws Exception {
        ChaosHistory history = new ChaosHistory();
        try (ProcessCluster cluster = new ProcessCluster(folder, 3)) {
            cluster.startAll();
            List<Thread> clients = new ArrayList<>();
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            for (int i = 0; i < CLIENTS; i++) {
                ChaosClient client = new ChaosClient(cluster, history, SEED * 31 + i, end);
                clients.add(Thread.ofVirtual().start(client));
            }
            disturb(cluster, end);
            for (Thread client : clients) {
                client.join();
            }
            for (int i = 0; i < cluster.size(); i++) {
                cluster.awaitHealthy(i);
            }
            history.finish(cluster);
        }
        System.out.println("chaos: seed " + SEED + ", " + history.summary());
        assertThat(history.violations()).as("replay with -Ddynamo.chaos.seed=" + SEED).isEmpty();
        assertThat(history.acknowledged()).as("writes acknowledged").isGreaterThan(20);
    }

    private static void disturb(ProcessCluster cluster, long end) throws Exception {
        Random random = new Random(SEED);
        while (System.nanoTime() < end) {
            int node = random.nextInt(cluster.size());
            switch (random.nextInt(3)) {
                case 0 -> {
                    cluster.kill(node);
                    rest(random.nextInt(3_000));
                    cluster.start(node);
                    cluster.awaitHealthy(node);
                }
                case 1 -> {
                    cluster.signal(node, "STOP");
                    rest(500 + random.nextInt(5_000));
                    cluster.signal(node, "CONT");
                }
                default -> cut(cluster, node, (node + 1) % cluster.size(), 1 + random.nextInt(5));
            }
            rest(500 + random.nextInt(3_000));
        }
    }

    private static void cut(ProcessCluster cluster, int node, int peer, int seconds)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(cluster.uri(node, "/admin/links"))
                        .timeout(Duration.ofSeconds(5))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"peer\":\"n"
                                                + (peer + 1)
                                                + "\",\"drop\":true,\"seconds\":"
                                                + seconds
                                                + "}"))
                        .build();
        HttpResponse<String> answer =
                cluster.http().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    }

    private static void rest(long millis) {
        long until = System.nanoTime() + millis * 1_000_000;
        for (long left = millis * 1_000_000; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}

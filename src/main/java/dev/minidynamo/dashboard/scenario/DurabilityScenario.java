package dev.minidynamo.dashboard.scenario;

import dev.minidynamo.dashboard.Words;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All nodes are killed in the middle of writing, and nothing acknowledged is lost.
 *
 * <p>The writers are platform threads: they write without a pause, and as virtual threads could
 * keep every processor from the thread that is to kill the nodes.
 */
final class DurabilityScenario implements Scenario {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ENOUGH = 200;
    private static final int WRITERS_PER_NODE = 2;

    @Override
    public String name() {
        return "durability";
    }

    @Override
    public String title() {
        return "Everything dies at once";
    }

    @Override
    public String proves() {
        return "After a SIGKILL of all nodes in the middle of writing, every acknowledged write is"
                + " readable.";
    }

    @Override
    public List<String> promises() {
        return List.of("P1", "P2");
    }

    @Override
    public void run(Stage stage) throws ScenarioFailed, InterruptedException {
        Map<String, String> acknowledged = new ConcurrentHashMap<>();
        AtomicBoolean writing = new AtomicBoolean(true);
        AtomicInteger tried = new AtomicInteger();

        stage.step("Write through all nodes, kill all of them meanwhile");
        List<Thread> writers = new ArrayList<>();
        for (String node : stage.nodes()) {
            for (int i = 0; i < WRITERS_PER_NODE; i++) {
                writers.add(
                        Thread.ofPlatform()
                                .daemon()
                                .start(() -> write(stage, node, tried, acknowledged, writing)));
            }
        }
        try {
            stage.await(
                    ENOUGH + " acknowledged writes", PATIENCE, () -> acknowledged.size() >= ENOUGH);
            stage.kill(stage.nodes());
        } finally {
            writing.set(false);
            for (Thread writer : writers) {
                writer.join();
            }
        }
        stage.evidence("all nodes are dead");
        stage.evidence(
                Words.count(acknowledged.size(), "write")
                        + " of "
                        + tried.get()
                        + " were acknowledged before that");

        stage.step("Start all nodes");
        stage.restart(stage.nodes());
        long took =
                stage.await(
                        "all nodes to be up",
                        PATIENCE,
                        () -> stage.nodes().stream().allMatch(stage::up));
        stage.evidence("all nodes are up after " + took + " ms");

        stage.step("Read every acknowledged write");
        readAll(stage, acknowledged);
    }

    private static void write(
            Stage stage,
            String node,
            AtomicInteger tried,
            Map<String, String> acknowledged,
            AtomicBoolean writing) {
        while (writing.get()) {
            int number = tried.incrementAndGet();
            String key = stage.prefix() + number;
            String value = "write " + number + " through " + node;
            Stage.Write write = stage.put(node, key, value);
            if (write.acknowledged()) {
                acknowledged.put(key, value);
            } else if (write.status() == 0) {
                return;
            }
        }
    }

    private static void readAll(Stage stage, Map<String, String> acknowledged)
            throws ScenarioFailed, InterruptedException {
        int next = 0;
        for (Map.Entry<String, String> write : acknowledged.entrySet()) {
            String through = stage.nodes().get(next++ % stage.nodes().size());
            stage.await(
                    write.getKey() + " to be readable through " + through,
                    PATIENCE,
                    () -> {
                        String value = stage.get(through, write.getKey());
                        return write.getValue().equals(value);
                    });
        }
        stage.evidence(
                "all " + Words.count(acknowledged.size(), "acknowledged write") + " are readable");
    }
}

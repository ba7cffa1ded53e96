package dev.minidynamo.dashboard.scenario;

import dev.minidynamo.dashboard.NodeNumbers;

import java.time.Duration;
import java.util.List;

/** A replica that was dead during a delete comes back and brings nothing back with it. */
final class TombstoneScenario implements Scenario {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "tombstone";
    }

    @Override
    public String title() {
        return "A delete stays a delete";
    }

    @Override
    public String proves() {
        return "A replica that was dead during a delete comes back with the old values, and the"
                + " keys stay deleted everywhere, after handoff, read repair and anti-entropy.";
    }

    @Override
    public List<String> promises() {
        return List.of("P4", "P7");
    }

    @Override
    public void run(Stage stage) throws ScenarioFailed, InterruptedException {
        String other = stage.nodes().get(0);
        String victim = stage.nodes().get(1);
        Batch batch = Batch.ownedBy(stage, victim);

        stage.step("Write keys, see them on " + victim);
        batch.put(other, "to be deleted");
        stage.await(victim + " to hold them", PATIENCE, () -> batch.missingOn(victim, other) == 0);
        stage.evidence(victim + " holds all " + Batch.KEYS + " values");

        stage.step("Kill " + victim + ", delete the keys");
        stage.kill(List.of(victim));
        batch.delete(other);

        stage.step("Start " + victim + " with its old values, read at once");
        stage.restart(List.of(victim));
        stage.await(victim + " to be up", PATIENCE, () -> stage.up(victim));
        readEverywhere(stage, batch);

        stage.step("Wait for handoff and anti-entropy");
        stage.antiEntropy(true);
        long took =
                stage.await(
                        "every owner to hold the delete",
                        PATIENCE,
                        () -> batch.notDeleted(other) == 0);
        stage.evidence("every owner holds the acknowledged delete after " + took + " ms");
        stage.await("no hint to wait", PATIENCE, () -> HandoffScenario.hints(stage, victim) == 0);
        long rounds = rounds(stage, victim);
        stage.await(
                "another comparison by " + victim, PATIENCE, () -> rounds(stage, victim) > rounds);
        stage.evidence(victim + " compared itself with a peer once more");

        stage.step("Read again through every node");
        readEverywhere(stage, batch);
        stage.check(batch.notDeleted(other) == 0, "Some owner no longer holds the delete.");
    }

    private static long rounds(Stage stage, String node) {
        return stage.numbers().getOrDefault(node, NodeNumbers.NONE).antiEntropyRounds();
    }

    private static void readEverywhere(Stage stage, Batch batch) throws ScenarioFailed {
        for (String node : stage.nodes()) {
            for (String key : batch.keys()) {
                String value = stage.get(node, key);
                stage.check(value == null, key + " came back through " + node + ": " + value);
            }
            stage.evidence("no key can be read through " + node);
        }
    }
}

package dev.minidynamo.dashboard.scenario;

import dev.minidynamo.dashboard.NodeNumbers;

import java.time.Duration;
import java.util.List;

/** Keys that nobody reads and no hint covers reach a replica by anti-entropy alone. */
final class ColdKeysScenario implements Scenario {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Override
    public String name() {
        return "cold-keys";
    }

    @Override
    public String title() {
        return "Cold keys";
    }

    @Override
    public String proves() {
        return "With the hints dropped and no key read, the difference between replicas goes to 0"
                + " by anti-entropy alone.";
    }

    @Override
    public List<String> promises() {
        return List.of("P4");
    }

    @Override
    public void run(Stage stage) throws ScenarioFailed, InterruptedException {
        String other = stage.nodes().get(0);
        String victim = stage.nodes().get(1);
        Batch batch = Batch.ownedBy(stage, victim);

        stage.step("Pause anti-entropy and handoff, kill " + victim + ", write");
        stage.antiEntropy(false);
        stage.hintDelivery(false);
        stage.kill(List.of(victim));
        batch.put(other, "nobody reads this");

        stage.step("Drop the hints");
        stage.await(
                "a hint for each key",
                PATIENCE,
                () -> HandoffScenario.hints(stage, victim) >= Batch.KEYS);
        long dropped = HandoffScenario.hints(stage, victim);
        stage.dropHints(victim);
        stage.await(
                "the hints to be gone", PATIENCE, () -> HandoffScenario.hints(stage, victim) == 0);
        stage.evidence(
                dropped + " hints were dropped; nothing on the other nodes knows of the misses");

        stage.step("Start " + victim);
        stage.restart(List.of(victim));
        stage.await(victim + " to be up", PATIENCE, () -> stage.up(victim));
        stage.evidence(
                batch.missingOn(victim, other) + " of " + Batch.KEYS + " keys are missing on it");

        stage.step("Let anti-entropy run");
        stage.antiEntropy(true);
        long took =
                stage.await(
                        "the difference to be 0",
                        PATIENCE,
                        () -> batch.missingOn(victim, other) == 0);
        NodeNumbers numbers = stage.numbers().getOrDefault(victim, NodeNumbers.NONE);
        stage.evidence(
                "0 keys are missing after "
                        + took
                        + " ms; "
                        + victim
                        + " pulled "
                        + Math.max(0, numbers.antiEntropyPulled()));
        stage.check(
                HandoffScenario.hints(stage, victim) == 0,
                "A hint appeared, which would spoil the proof.");
    }
}

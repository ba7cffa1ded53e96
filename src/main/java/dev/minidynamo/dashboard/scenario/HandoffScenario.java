package dev.minidynamo.dashboard.scenario;

import dev.minidynamo.dashboard.NodeNumbers;

import java.time.Duration;
import java.util.List;

/**
 * Writes while a replica is dead become hints, which outlive their holder and reach the replica.
 */
final class HandoffScenario implements Scenario {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "handoff";
    }

    @Override
    public String title() {
        return "Sloppy quorum and hinted handoff";
    }

    @Override
    public String proves() {
        return "With anti-entropy paused, writes succeed while a replica is dead; each miss is a"
                + " hint on disk that survives the death of its holder and brings the replica"
                + " the exact version.";
    }

    @Override
    public List<String> promises() {
        return List.of("P2", "P3", "P4");
    }

    @Override
    public void run(Stage stage) throws ScenarioFailed, InterruptedException {
        String holder = stage.nodes().get(0);
        String victim = stage.nodes().get(1);
        Batch batch = Batch.ownedBy(stage, victim);

        stage.step("Pause anti-entropy, kill " + victim);
        stage.antiEntropy(false);
        stage.kill(List.of(victim));
        stage.evidence(victim + " is dead");

        stage.step("Write on");
        batch.put(holder, "written while " + victim + " was dead");

        stage.step("Each miss is a hint");
        stage.await("a hint for each key", PATIENCE, () -> hints(stage, victim) >= Batch.KEYS);
        long before = hints(stage, victim);
        stage.evidence(before + " hints wait for " + victim);

        stage.step("Kill the holder of the hints, start it again");
        stage.kill(List.of(holder));
        stage.restart(List.of(holder));
        stage.await(holder + " to be up", PATIENCE, () -> stage.up(holder));
        stage.antiEntropy(false);
        stage.await("the hints on disk", PATIENCE, () -> hints(stage, victim) >= Batch.KEYS);
        stage.evidence(hints(stage, victim) + " hints wait for " + victim + " after the restart");

        stage.step("Start " + victim + ", let the hints drain");
        stage.restart(List.of(victim));
        stage.await(victim + " to be up", PATIENCE, () -> stage.up(victim));
        stage.antiEntropy(false);
        long took = stage.await("all hints to drain", PATIENCE, () -> hints(stage, victim) == 0);
        stage.evidence("no hint is left after " + took + " ms");

        stage.step("Compare what " + victim + " holds");
        stage.await(
                victim + " to hold every version",
                PATIENCE,
                () -> batch.missingOn(victim, holder) == 0);
        stage.evidence(
                victim + " holds exactly the acknowledged version of all " + Batch.KEYS + " keys");
        NodeNumbers numbers = stage.numbers().getOrDefault(victim, NodeNumbers.NONE);
        stage.evidence(
                "anti-entropy brought it "
                        + Math.max(0, numbers.antiEntropyPulled())
                        + " keys meanwhile");
    }

    static long hints(Stage stage, String target) {
        return stage.numbers().values().stream()
                .mapToLong(numbers -> numbers.hintsByTarget().getOrDefault(target, 0L))
                .sum();
    }
}

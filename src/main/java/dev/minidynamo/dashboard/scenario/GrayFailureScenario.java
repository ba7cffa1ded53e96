package dev.minidynamo.dashboard.scenario;

import dev.minidynamo.dashboard.NodeNumbers;
import dev.minidynamo.dashboard.Words;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A node that stands still without dying is suspected, bypassed, and catches up afterwards. */
final class GrayFailureScenario implements Scenario {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SUSPICION = Duration.ofSeconds(15);
    private static final int PROBES = 60;

    /** Below this, twice the usual time is within what any machine's scheduler adds. */
    private static final long FLOOR_MICROS = 20_000;

    @Override
    public String name() {
        return "gray-failure";
    }

    @Override
    public String title() {
        return "Gray failure";
    }

    @Override
    public String proves() {
        return "A paused node is suspected and bypassed within seconds; the latency of the others"
                + " stays below twice its usual value, and the node catches up when it runs"
                + " again.";
    }

    @Override
    public List<String> promises() {
        return List.of("P4", "P12");
    }

    @Override
    public void run(Stage stage) throws ScenarioFailed, InterruptedException {
        String other = stage.nodes().get(0);
        String victim = stage.nodes().get(1);
        Batch batch = Batch.ownedBy(stage, victim);

        stage.step("Measure while all are well");
        probe(stage, other, "warm-up");
        long[] usual = probe(stage, other, "usual");
        stage.evidence("writes take " + figures(usual));

        stage.step("Pause " + victim + " (SIGSTOP)");
        stage.pause(victim);
        long[] first = probe(stage, other, "first");
        stage.evidence("right after, writes take " + figures(first));
        long took =
                stage.await(
                        other + " to suspect " + victim,
                        SUSPICION,
                        () -> suspected(stage, other, victim));
        stage.evidence(other + " suspects " + victim + " after another " + took + " ms");

        stage.step("Measure while " + victim + " stands still");
        long[] gray = probe(stage, other, "gray");
        stage.evidence("writes take " + figures(gray));
        long bound = Math.max(2 * median(usual), median(usual) + FLOOR_MICROS);
        stage.check(
                median(gray) <= bound,
                "The median is "
                        + Words.micros(median(gray))
                        + ", above "
                        + Words.micros(bound)
                        + ".");
        batch.put(other, "while " + victim + " stood still");

        stage.step("Resume " + victim + ", let it catch up");
        stage.resume(victim);
        long caught =
                stage.await(
                        victim + " to hold every version",
                        PATIENCE,
                        () -> batch.missingOn(victim, other) == 0);
        stage.evidence(victim + " holds all " + Batch.KEYS + " keys after " + caught + " ms");
        stage.await(
                other + " to trust " + victim, PATIENCE, () -> !suspected(stage, other, victim));
        stage.evidence(other + " trusts " + victim + " again");
    }

    private static boolean suspected(Stage stage, String by, String node) {
        String word = stage.numbers().getOrDefault(by, NodeNumbers.NONE).livenessOf(node);
        return word.equals("SUSPECT") || word.equals("DOWN");
    }

    private static long[] probe(Stage stage, String through, String name) throws ScenarioFailed {
        long[] micros = new long[PROBES];
        for (int i = 0; i < PROBES; i++) {
            Stage.Write write = stage.put(through, stage.prefix() + name + i, name);
            stage.check(write.acknowledged(), "A write was answered with " + write.status() + ".");
            micros[i] = write.micros();
        }
        Arrays.sort(micros);
        return micros;
    }

    private static String figures(long[] sorted) {
        return Words.micros(median(sorted))
                + " (median), "
                + Words.micros(sorted[PROBES - 1])
                + " (longest)";
    }

    private static long median(long[] sorted) {
        return sorted[PROBES / 2];
    }
}

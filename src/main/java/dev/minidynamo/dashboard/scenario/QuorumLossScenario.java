package dev.minidynamo.dashboard.scenario;

import java.time.Duration;
import java.util.List;

/**
 * With too few nodes, writes are refused with counts; with enough again, they succeed by
 * themselves.
 */
final class QuorumLossScenario implements Scenario {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int REFUSED = 503;

    @Override
    public String name() {
        return "quorum-loss";
    }

    @Override
    public String title() {
        return "Too few nodes";
    }

    @Override
    public String proves() {
        return "With fewer than W nodes alive a write is refused with 503 and counts; when a node"
                + " is back, writes succeed again without anybody's help.";
    }

    @Override
    public List<String> promises() {
        return List.of("P2", "P3");
    }

    @Override
    public void run(Stage stage) throws ScenarioFailed, InterruptedException {
        String survivor = stage.nodes().getFirst();
        int deaths = stage.nodes().size() - stage.writeQuorum() + 1;
        stage.check(
                stage.writeQuorum() > 1 && deaths < stage.nodes().size(),
                "With W=1 a single node is enough, so this cannot be shown here.");
        List<String> victims =
                stage.nodes().subList(stage.nodes().size() - deaths, stage.nodes().size());

        stage.step("Write while all are up");
        wrote(stage, stage.put(survivor, stage.prefix() + "before", "before"));

        stage.step("Kill " + String.join(" and ", victims));
        stage.kill(victims);
        stage.evidence(
                stage.nodes().size()
                        - deaths
                        + " of "
                        + stage.nodes().size()
                        + " nodes up; a write needs "
                        + stage.writeQuorum());

        stage.step("Write while too few are up");
        Stage.Write first = stage.put(survivor, stage.prefix() + "during", "during");
        refused(stage, first);
        stage.await(
                "a refusal without an attempt",
                PATIENCE,
                () ->
                        stage.put(survivor, stage.prefix() + "during", "during")
                                .outcome()
                                .equals("rejected"));
        refused(stage, stage.put(survivor, stage.prefix() + "during", "during"));

        stage.step("Start one node, and write again");
        stage.restart(List.of(victims.getFirst()));
        stage.await(victims.getFirst() + " to be up", PATIENCE, () -> stage.up(victims.getFirst()));
        long took =
                stage.await(
                        "a write to succeed",
                        PATIENCE,
                        () ->
                                stage.put(survivor, stage.prefix() + "after", "after")
                                        .acknowledged());
        stage.evidence(
                "writes succeed again " + took + " ms after " + victims.getFirst() + " was up");
    }

    private static void wrote(Stage stage, Stage.Write write) throws ScenarioFailed {
        stage.check(write.acknowledged(), "The write was answered with " + write.status() + ".");
        stage.evidence("the write was answered with " + write.status());
    }

    private static void refused(Stage stage, Stage.Write write) throws ScenarioFailed {
        stage.check(
                write.status() == REFUSED,
                "The write was answered with " + write.status() + " instead of 503.");
        stage.evidence(
                "503, "
                        + write.outcome()
                        + ", "
                        + write.counts()
                        + " acknowledged, after "
                        + write.micros() / 1000
                        + " ms");
    }
}

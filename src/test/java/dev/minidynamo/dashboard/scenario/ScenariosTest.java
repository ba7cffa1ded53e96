package dev.minidynamo.dashboard.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.minidynamo.app.cli.ScenarioCommand;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The scenarios' own judgement: they pass on a sound store and fail on one with a bug. */
class ScenariosTest {

    private final List<ModelStage> stages = new ArrayList<>();

    private ScenarioDesk desk(ModelStage.Bug bug, List<Scenario> scenarios) {
        return new ScenarioDesk(
                scenarios,
                report -> {
                    ModelStage stage = new ModelStage(bug, report);
                    stages.add(stage);
                    return stage;
                },
                name -> {});
    }

    private static ScenarioReport.View finished(ScenarioDesk desk, String name) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> !"running".equals(desk.find(name).last().state()));
        return desk.find(name).last();
    }

    private ScenarioReport.View ran(ModelStage.Bug bug, String name) {
        ScenarioDesk desk = desk(bug, Scenarios.all());
        desk.start(name);
        return finished(desk, name);
    }

    @Test
    void theCommandLineKnowsThemAll() {
        assertThat(new ScenarioCommand.Names())
                .containsExactlyElementsOf(Scenarios.all().stream().map(Scenario::name).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "handoff",
                "tombstone",
                "cold-keys",
                "durability",
                "quorum-loss",
                "gray-failure"
            })
    void everyScenarioPassesOnASoundStore(String name) {
        ScenarioReport.View view = ran(ModelStage.Bug.NONE, name);

        assertThat(view.state()).as(view.toString()).isEqualTo("passed");
        assertThat(view.steps()).hasSizeGreaterThan(2).allMatch(step -> step.tookMillis() >= 0);
        assertThat(view.steps()).anyMatch(step -> !step.evidence().isEmpty());
        assertThat(stages).singleElement().matches(ModelStage::whole);
    }

    @ParameterizedTest
    @CsvSource({
        "handoff, HINTS_IN_MEMORY",
        "tombstone, RESURRECTS",
        "cold-keys, NO_ANTI_ENTROPY",
        "durability, LOSES_ACKNOWLEDGED",
        "quorum-loss, WRITES_WITHOUT_QUORUM",
        "gray-failure, NEVER_SUSPECTS"
    })
    void everyScenarioFailsOnAStoreThatBreaksItsPromise(String name, ModelStage.Bug bug) {
        ScenarioReport.View view = ran(bug, name);

        assertThat(view.state()).as(view.toString()).isEqualTo("failed");
        assertThat(view.verdict()).startsWith("Failed: ");
        assertThat(stages).singleElement().matches(ModelStage::whole);
    }

    @Test
    void aDeleteIsProvedWhereAntiEntropyWasOff() {
        ScenarioDesk desk =
                new ScenarioDesk(
                        Scenarios.all(),
                        report -> {
                            ModelStage stage = new ModelStage(ModelStage.Bug.NONE, report);
                            stage.antiEntropy(false);
                            return stage;
                        },
                        name -> {});
        desk.start("tombstone");

        assertThat(finished(desk, "tombstone").state()).isEqualTo("passed");
    }

    /** Waits until it is aborted. */
    private record Endless(CountDownLatch begun, boolean failsThen) implements Scenario {

        Endless(CountDownLatch begun) {
            this(begun, false);
        }

        @Override
        public String name() {
            return "endless";
        }

        @Override
        public String title() {
            return "Endless";
        }

        @Override
        public String proves() {
            return "nothing";
        }

        @Override
        public List<String> promises() {
            return List.of();
        }

        @Override
        public void run(Stage stage) throws InterruptedException, ScenarioFailed {
            stage.kill(List.of("n2"));
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                if (failsThen) {
                    throw new ScenarioFailed("A write was answered with 0.");
                }
                throw e;
            }
        }
    }

    @Test
    void anAbortedScenarioIsHealedToo() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        ScenarioDesk desk = desk(ModelStage.Bug.NONE, List.of(new Endless(begun)));
        desk.start("endless");
        begun.await();
        assertThat(stages.getFirst().whole()).isFalse();

        desk.abort("endless");

        assertThat(finished(desk, "endless").state()).isEqualTo("aborted");
        assertThat(stages.getFirst().whole()).isTrue();
        assertThat(stages.getFirst().healed()).isEqualTo(1);
    }

    @Test
    void aRequestThatAnAbortEndsIsNoFailure() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        ScenarioDesk desk = desk(ModelStage.Bug.NONE, List.of(new Endless(begun, true)));
        desk.start("endless");
        begun.await();

        desk.abort("endless");

        assertThat(finished(desk, "endless").state()).isEqualTo("aborted");
        assertThat(desk.find("endless").last().verdict()).isEqualTo("Aborted.");
    }

    @Test
    @DisplayName("Only one scenario runs at a time, and the refusal names the one that does")
    void onlyOneScenarioRunsAtATime() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        List<Scenario> all = new ArrayList<>(Scenarios.all());
        all.add(new Endless(begun));
        ScenarioDesk desk = desk(ModelStage.Bug.NONE, all);
        desk.start("endless");
        begun.await();

        assertThatIllegalStateException()
                .isThrownBy(() -> desk.start("handoff"))
                .withMessageContaining("endless");

        desk.abort("endless");
        finished(desk, "endless");
        desk.start("handoff");
        assertThat(finished(desk, "handoff").state()).isEqualTo("passed");
    }

    @Test
    void anUnknownScenarioIsRefusedWithTheNamesThatAreAccepted() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> desk(ModelStage.Bug.NONE, Scenarios.all()).start("nonsense"))
                .withMessageContaining("nonsense")
                .withMessageContaining("handoff");
    }
}

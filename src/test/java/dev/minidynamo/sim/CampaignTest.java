package dev.minidynamo.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** What a failure tells: shown with planted bugs, since the product has none to show it with. */
class CampaignTest {

    private static final Pattern REPORT =
            Pattern.compile(
                    "(?s)(\\w+): .*\n"
                        + "  replay: \\./mvnw test -Dtest=SimulationTest -Ddynamo\\.seed=(\\d+)\n"
                        + "  shrunk from (\\d+) to (\\d+) steps:\n"
                        + "seed \\2, .*");

    private static Blueprint mutant(String name) {
        return Mutants.all().stream()
                .filter(mutant -> mutant.name().equals(name))
                .findFirst()
                .orElseThrow()
                .blueprint();
    }

    private static Matcher reportOf(Blueprint mutant) {
        List<Long> seeds = LongStream.rangeClosed(1, 50).boxed().toList();
        Campaign.Result result = new Campaign(ScenarioGenerator::of, mutant, 1).run(seeds);
        Matcher report = REPORT.matcher(result.failures().getFirst());
        assertThat(report.matches()).as(result.failures().getFirst()).isTrue();
        return report;
    }

    @Test
    void aFailureTellsOneCommandAndASmallScenario() {
        Matcher report = reportOf(mutant("[7] a write without an answer counts as acknowledged"));
        int before = Integer.parseInt(report.group(3));
        int after = Integer.parseInt(report.group(4));
        assertThat(before).isGreaterThan(20);
        assertThat(after).isLessThan(before / 2);
    }

    @Test
    void theSeedOfAFailureBreaksTheSamePromiseInTheSameWayAgain() {
        Blueprint mutant = mutant("nothing is ever forced");
        Matcher report = reportOf(mutant);
        Scenario scenario = ScenarioGenerator.of(Long.parseLong(report.group(2)));
        Simulation.Verdict once = Simulation.run(scenario, mutant, true);
        Simulation.Verdict again = Simulation.run(scenario, mutant, false);
        assertThat(once.violation().invariant()).isEqualTo(report.group(1));
        assertThat(again.violation().getMessage()).isEqualTo(once.violation().getMessage());
        assertThat(again.traceHash()).isEqualTo(once.traceHash());
        assertThat(once.lines()).isNotEmpty();
    }

    @Test
    void aShrunkScenarioStillBreaksTheSamePromise() {
        Blueprint mutant = mutant("nothing is ever forced");
        Scenario scenario = ScenarioGenerator.of(Long.parseLong(reportOf(mutant).group(2)));
        Violation violation = Simulation.run(scenario, mutant, false).violation();
        Scenario small =
                Shrinker.shrink(
                        scenario,
                        violation,
                        candidate -> Simulation.run(candidate, mutant, false).violation(),
                        100);
        assertThat(small.steps()).hasSizeLessThan(scenario.steps().size());
        assertThat(Simulation.run(small, mutant, false).violation().invariant())
                .isEqualTo(violation.invariant());
    }

    @Test
    void seedsThatFailedBeforeRunFirst() {
        List<Long> old = SimulationTest.oldFailures();
        assertThat(old).isNotEmpty();
        assertThat(SimulationTest.seedsOfARun()).startsWith(old.toArray(Long[]::new));
        assertThat(SimulationTest.seedsOfARun()).hasSizeGreaterThan(old.size());
    }
}

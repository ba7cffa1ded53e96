package dev.minidynamo.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Whole clusters in virtual time, under every fault of the menu, against the promises.
 *
 * <p>{@code -Ddynamo.seeds=N} runs N seeds, {@code -Ddynamo.first=N} begins at seed N, {@code
 * -Ddynamo.seed=N} runs one alone and prints all that happened.
 */
class SimulationTest {

    private static final long SEEDS = Long.getLong("dynamo.seeds", 2_000);
    private static final long FIRST = Long.getLong("dynamo.first", 1);
    private static final int MOST_FAILURES = Integer.getInteger("dynamo.failures", 3);

    private static List<Long> seeds(long first, long count) {
        return LongStream.range(first, first + count).boxed().toList();
    }

    /** The seeds that have failed before, one a line; what follows a {@code #} says why. */
    static List<Long> oldFailures() {
        try (InputStream in = SimulationTest.class.getResourceAsStream("/sim/seeds.txt")) {
            List<Long> seeds = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                String number = line.replaceFirst("#.*", "").trim();
                if (!number.isEmpty()) {
                    seeds.add(Long.parseLong(number));
                }
            }
            return seeds;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The seeds that failed before, then those that are asked for. */
    static List<Long> seedsOfARun() {
        List<Long> seeds = new ArrayList<>(oldFailures());
        seeds.addAll(seeds(FIRST, SEEDS));
        return seeds;
    }

    private static void passes(Campaign.Result result) {
        System.out.println("simulation: " + result);
        assertThat(result.failures()).as(result.toString()).isEmpty();
    }

    @Test
    @DisplayName("P1 to P13: a cluster under random faults keeps its promises")
    void aClusterUnderRandomFaultsKeepsItsPromises() {
        passes(
                new Campaign(ScenarioGenerator::of, Blueprint.PRODUCTION, MOST_FAILURES)
                        .run(seedsOfARun()));
    }

    @Test
    @DisplayName("P1 to P6: three nodes that lose messages serve puts and gets")
    void threeNodesThatLoseMessagesServePutsAndGets() {
        EnumSet<FaultKind> losses =
                EnumSet.of(FaultKind.LOSS, FaultKind.DUPLICATE, FaultKind.SLOW_LINK);
        passes(
                new Campaign(
                                seed -> ScenarioGenerator.of(seed, losses),
                                Blueprint.PRODUCTION,
                                MOST_FAILURES)
                        .run(seeds(1_000_000, Math.min(SEEDS, 200))));
    }

    /** Runs a few seeds, and prints the hash over the trace of each. */
    static final class Traces {

        private Traces() {}

        private static List<String> of(long first) {
            return seeds(first, 20).stream()
                    .map(ScenarioGenerator::of)
                    .map(scenario -> scenario.seed() + ": " + Simulation.run(scenario).traceHash())
                    .toList();
        }

        public static void main(String[] args) {
            of(Long.parseLong(args[0])).forEach(System.out::println);
        }
    }

    /** Where {@code Set.of} has another order, and objects have other hashes of their own. */
    @Test
    void theSameSeedLeavesTheSameTraceInAnotherProcess() throws Exception {
        Process other =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UnlockExperimentalVMOptions",
                                "-XX:hashCode=3",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Traces.class.getName(),
                                Long.toString(FIRST))
                        .redirectErrorStream(true)
                        .start();
        List<String> here = Traces.of(FIRST);
        String there = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(there.lines()).containsExactlyElementsOf(here);
    }

    @Test
    @EnabledIfSystemProperty(named = "dynamo.seed", matches = "\\d+")
    void oneSeedIsReplayed() {
        Scenario scenario = ScenarioGenerator.of(Long.getLong("dynamo.seed"));
        Simulation.Verdict verdict = Simulation.run(scenario, Blueprint.PRODUCTION, true);
        System.out.println(scenario.describe());
        verdict.lines().forEach(System.out::println);
        assertThat(verdict.violation()).isNull();
    }

    @Test
    @Tag("soak")
    void aClusterUnderRandomFaultsKeepsItsPromisesForLong() {
        passes(
                new Campaign(ScenarioGenerator::of, Blueprint.PRODUCTION, MOST_FAILURES)
                        .run(seeds(10_000_000, Long.getLong("dynamo.soak.seeds", 100_000))));
    }
}

package dev.minidynamo.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;

/** A simulator is worth what it finds: each planted bug is caught within 500 seeds. */
class MutantTest {

    /** Within how many seeds a mutant must be caught. */
    private static final long SEEDS = 500;

    static List<Mutants.Mutant> mutants() {
        return Mutants.all();
    }

    /**
     * What catches a mutant first.
     *
     * @param seed the first that catches it, {@link Long#MAX_VALUE} if none does
     */
    record Catch(long seed, Violation violation) {}

    /** Runs seeds on all processors until one breaks a promise; the lowest of those found. */
    private static Catch hunt(Mutants.Mutant mutant) {
        AtomicReference<Catch> found = new AtomicReference<>(new Catch(Long.MAX_VALUE, null));
        LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .filter(seed -> found.get().violation == null)
                .mapToObj(ScenarioGenerator::of)
                .filter(mutant.mayShowIn())
                .map(scenario -> new Catch(scenario.seed(), violation(mutant, scenario)))
                .filter(caught -> caught.violation != null)
                .forEach(caught ->
                        found.accumulateAndGet(caught, (a, b) -> a.seed < b.seed ? a : b));
        return found.get();
    }

    private static Violation violation(Mutants.Mutant mutant, Scenario scenario) {
        return Simulation.run(scenario, mutant.blueprint(), false).violation();
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Mutants.Mutant mutant) {
        Catch caught = hunt(mutant);
        System.out.println("mutant: " + mutant + ": seed " + caught.seed + ", " + caught.violation);
        assertThat(caught.violation).as(mutant + " survived " + SEEDS + " seeds").isNotNull();
        assertThat(caught.violation.invariant()).isNotEqualTo("exception");
    }

    @Test
    void thereAreAtLeastThirty() {
        assertThat(mutants()).hasSizeGreaterThanOrEqualTo(30);
    }
}

package dev.minidynamo.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** A simulator is worth what it finds: each planted bug is caught within 500 seeds. */
class MutantTest {

    /** Within how many seeds a mutant must be caught. */
    static final long SEEDS = 500;

    static List<Mutants.Mutant> mutants() {
        return Mutants.all();
    }

    /**
     * What catches a mutant first.
     *
     * @param seed the first that catches it, 0 if none does
     */
    record Catch(long seed, String what) {}

    /** Runs seeds on all processors until one breaks a promise; the lowest of those found. */
    static Catch hunt(Blueprint mutant, long seeds) {
        AtomicLong found = new AtomicLong(Long.MAX_VALUE);
        LongStream.rangeClosed(1, seeds)
                .parallel()
                .filter(seed -> seed < found.get() && found.get() == Long.MAX_VALUE)
                .filter(seed -> breaks(mutant, seed))
                .forEach(seed -> found.accumulateAndGet(seed, Math::min));
        if (found.get() == Long.MAX_VALUE) {
            return new Catch(0, "");
        }
        Violation violation =
                Simulation.run(ScenarioGenerator.of(found.get()), mutant, false).violation();
        return new Catch(found.get(), violation.getMessage());
    }

    private static boolean breaks(Blueprint mutant, long seed) {
        return !Simulation.run(ScenarioGenerator.of(seed), mutant, false).passed();
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Mutants.Mutant mutant) {
        Catch caught = hunt(mutant.blueprint(), SEEDS);
        System.out.println("mutant: " + mutant + ": seed " + caught.seed() + ", " + caught.what());
        assertThat(caught.seed()).as(mutant + " survived " + SEEDS + " seeds").isPositive();
    }

    @Test
    void thereAreAtLeastThirty() {
        assertThat(mutants()).hasSizeGreaterThanOrEqualTo(30);
    }
}

package dev.minidynamo.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Makes a failing scenario small: it leaves out steps for as long as the same invariant still
 * breaks (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", TSE 2002).
 */
final class Shrinker {

    private final Function<Scenario, Violation> run;
    private final String invariant;
    private int runsLeft;

    private Shrinker(Function<Scenario, Violation> run, String invariant, int mostRuns) {
        this.run = run;
        this.invariant = invariant;
        this.runsLeft = mostRuns;
    }

    /** The smallest scenario found within {@code mostRuns} that breaks the same invariant. */
    static Scenario shrink(
            Scenario failing,
            Violation violation,
            Function<Scenario, Violation> run,
            int mostRuns) {
        return new Shrinker(run, violation.invariant(), mostRuns).shrink(failing);
    }

    private Scenario shrink(Scenario failing) {
        Scenario smallest = failing;
        int chunk = Math.max(1, failing.steps().size() / 2);
        while (runsLeft > 0) {
            Scenario smaller = pass(smallest, chunk);
            boolean progress = smaller.steps().size() < smallest.steps().size();
            smallest = smaller;
            if (chunk == 1 && !progress) {
                return smallest;
            }
            chunk = Math.max(1, chunk / 2);
        }
        return smallest;
    }

    private Scenario pass(Scenario from, int chunk) {
        Scenario current = from;
        int at = 0;
        while (at < current.steps().size() && runsLeft > 0) {
            List<Step> fewer = new ArrayList<>(current.steps());
            fewer.subList(at, Math.min(at + chunk, fewer.size())).clear();
            Scenario candidate = current.with(fewer);
            if (stillFails(candidate)) {
                current = candidate;
            } else {
                at += chunk;
            }
        }
        return current;
    }

    private boolean stillFails(Scenario candidate) {
        runsLeft--;
        Violation found = run.apply(candidate);
        return found != null && found.invariant().equals(invariant);
    }
}

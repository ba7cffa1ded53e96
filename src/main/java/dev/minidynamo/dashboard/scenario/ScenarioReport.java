package dev.minidynamo.dashboard.scenario;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A run of a scenario: what was done, what was seen, and the verdict. Written by the run's thread
 * while pages read it.
 */
public final class ScenarioReport {

    /** How far a run or a step is. */
    public enum State {
        RUNNING,
        PASSED,
        FAILED,
        ABORTED;

        /** The word shown and written. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One step, unchanging. */
    public record Step(
            String title, State state, List<String> evidence, long startedMillis, long tookMillis) {

        public Step {
            evidence = List.copyOf(evidence);
        }

        Step with(String fact) {
            List<String> more = new ArrayList<>(evidence);
            more.add(fact);
            return new Step(title, state, more, startedMillis, tookMillis);
        }

        Step ended(State end, long now) {
            return new Step(title, end, evidence, startedMillis, now - startedMillis);
        }
    }

    /** The run at one moment, as it is written to JSON. */
    public record View(
            String scenario,
            String title,
            String proves,
            List<String> promises,
            String state,
            @Nullable String verdict,
            long startedMillis,
            long tookMillis,
            List<Step> steps) {}

    private final Scenario scenario;
    private final Runnable changed;
    private final List<Step> steps = new ArrayList<>();
    private final long startedMillis = System.currentTimeMillis();
    private State state = State.RUNNING;
    private @Nullable String verdict;
    private long endedMillis;

    ScenarioReport(Scenario scenario, Runnable changed) {
        this.scenario = scenario;
        this.changed = changed;
    }

    void begin(String title) {
        synchronized (this) {
            endStep(State.PASSED);
            steps.add(new Step(title, State.RUNNING, List.of(), System.currentTimeMillis(), 0));
        }
        changed.run();
    }

    void evidence(String fact) {
        synchronized (this) {
            steps.add(steps.removeLast().with(fact));
        }
        changed.run();
    }

    void endStep(State end) {
        synchronized (this) {
            if (!steps.isEmpty() && steps.getLast().state() == State.RUNNING) {
                steps.add(steps.removeLast().ended(end, System.currentTimeMillis()));
            }
        }
    }

    void end(State end, String words) {
        synchronized (this) {
            state = end;
            verdict = words;
            endedMillis = System.currentTimeMillis();
        }
        changed.run();
    }

    synchronized boolean running() {
        return state == State.RUNNING;
    }

    /** The run as it stands. */
    public synchronized View view() {
        long end = running() ? System.currentTimeMillis() : endedMillis;
        return new View(
                scenario.name(),
                scenario.title(),
                scenario.proves(),
                scenario.promises(),
                state.word(),
                verdict,
                startedMillis,
                end - startedMillis,
                List.copyOf(steps));
    }
}

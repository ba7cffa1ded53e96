package dev.minidynamo.dashboard.scenario;

import dev.minidynamo.agent.Fleet;
import dev.minidynamo.dashboard.EventHub;
import dev.minidynamo.dashboard.NodeHttp;
import dev.minidynamo.model.ClusterConfig;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** Runs scenarios, one at a time, and keeps the last report of each. */
@Component
public class ScenarioDesk {

    private static final Logger LOG = LoggerFactory.getLogger(ScenarioDesk.class);

    /** A scenario as the page lists it. */
    public record Entry(
            String name,
            String title,
            String proves,
            List<String> promises,
            ScenarioReport.@Nullable View last) {}

    private final Map<String, Scenario> scenarios = new LinkedHashMap<>();
    private final Map<String, ScenarioReport> reports = new LinkedHashMap<>();
    private final Function<ScenarioReport, HealingStage> stages;
    private final Consumer<String> changed;
    private @Nullable ScenarioReport current;

    /** Who runs the scenario, as long as it can be aborted. */
    private @Nullable Thread runner;

    private boolean aborted;

    @Autowired
    ScenarioDesk(ClusterConfig config, Fleet fleet, NodeHttp http, EventHub hub) {
        this(
                Scenarios.all(),
                report -> new LiveStage(config, fleet, http, report),
                name -> hub.changed("scenario/" + name));
    }

    /**
     * @param stages makes the stage of a run
     * @param changed is told the name of a scenario whose report has changed
     */
    ScenarioDesk(
            List<Scenario> all,
            Function<ScenarioReport, HealingStage> stages,
            Consumer<String> changed) {
        this.stages = stages;
        this.changed = changed;
        for (Scenario scenario : all) {
            scenarios.put(scenario.name(), scenario);
        }
    }

    /** Every scenario with its last run. */
    public synchronized List<Entry> all() {
        return scenarios.values().stream().map(this::entry).toList();
    }

    private Entry entry(Scenario scenario) {
        ScenarioReport report = reports.get(scenario.name());
        return new Entry(
                scenario.name(),
                scenario.title(),
                scenario.proves(),
                scenario.promises(),
                report == null ? null : report.view());
    }

    /**
     * The scenario of this name with its last run.
     *
     * @throws IllegalArgumentException with a sentence if there is none
     */
    public synchronized Entry find(String name) {
        return entry(named(name));
    }

    private Scenario named(String name) {
        Scenario scenario = scenarios.get(name);
        if (scenario == null) {
            throw new IllegalArgumentException(
                    "There is no scenario \""
                            + name
                            + "\"; accepted is one of "
                            + scenarios.keySet()
                            + ".");
        }
        return scenario;
    }

    /**
     * Begins a run and returns at once.
     *
     * @throws IllegalStateException with a sentence if another one is running
     */
    public synchronized ScenarioReport.View start(String name) {
        Scenario scenario = named(name);
        if (current != null && current.running()) {
            throw new IllegalStateException(
                    "The scenario "
                            + current.view().scenario()
                            + " is running; wait for it or abort it.");
        }
        ScenarioReport report = new ScenarioReport(scenario, () -> changed.accept(name));
        reports.put(name, report);
        current = report;
        aborted = false;
        runner = Thread.ofVirtual().name("scenario-" + name).start(() -> run(scenario, report));
        return report.view();
    }

    /** Ends the run of this scenario; the healing after it goes on all the same. */
    public synchronized void abort(String name) {
        ScenarioReport report = reports.get(named(name).name());
        if (report != null && report == current && runner != null) {
            aborted = true;
            runner.interrupt();
            runner = null;
        }
    }

    /** From now on an abort comes too late; tells whether one came. */
    private synchronized boolean abortedUntilNow() {
        runner = null;
        return aborted;
    }

    private void run(Scenario scenario, ScenarioReport report) {
        HealingStage stage = stages.apply(report);
        ScenarioReport.State state = ScenarioReport.State.FAILED;
        String verdict;
        try {
            stage.begin();
            scenario.run(stage);
            state = ScenarioReport.State.PASSED;
            verdict = "Passed: " + scenario.proves();
        } catch (InterruptedException e) {
            verdict = "Failed: it was interrupted.";
        } catch (ScenarioFailed e) {
            verdict = "Failed: " + e.getMessage();
        } catch (RuntimeException e) {
            LOG.warn("The scenario {} could not be carried out.", scenario.name(), e);
            verdict = "Failed: it could not be carried out: " + e.getMessage();
        }
        // An abort ends whatever was under way, which then fails in some way of its own.
        if (abortedUntilNow() && state != ScenarioReport.State.PASSED) {
            state = ScenarioReport.State.ABORTED;
            verdict = "Aborted.";
        }
        report.endStep(state);
        end(stage, report, state, verdict);
    }

    /** Heals everything, whatever came before, and only then tells the verdict. */
    private void end(
            HealingStage stage, ScenarioReport report, ScenarioReport.State state, String verdict) {
        List<String> unhealed = new ArrayList<>(stage.healEverything());
        report.endStep(
                unhealed.isEmpty() ? ScenarioReport.State.PASSED : ScenarioReport.State.FAILED);
        if (unhealed.isEmpty()) {
            report.end(state, verdict);
        } else {
            report.end(
                    state == ScenarioReport.State.PASSED ? ScenarioReport.State.FAILED : state,
                    verdict + " Not healed: " + String.join(" ", unhealed));
        }
    }
}

package dev.minidynamo.sim;

import java.util.List;

/**
 * One run of one scenario: the active phase with faults and requests, then healing, then the wait
 * for convergence, then the last checks.
 *
 * <p>Safety is checked after every event, liveness after the heal (as TigerBeetle's simulator
 * does).
 */
final class Simulation {

    private static final long QUIET_MILLIS = 60_000;
    private static final long STEP_MILLIS = 500;
    private static final long REAPED_MILLIS = 12_000;
    private static final int LAST_IDS = 2 * Step.Request.SERVED;

    /** How long a node that came back may be ahead of its wall clock. */
    private static final long CLOCK_BOUND_MILLIS = 3_500;

    /**
     * How a run ended.
     *
     * @param violation the promise that was broken, or null
     * @param traceHash over everything that happened
     * @param lines the last events as text, if they were asked for
     */
    record Verdict(
            Scenario scenario,
            Violation violation,
            long traceHash,
            long events,
            int written,
            int values,
            long virtualMillis,
            List<String> lines) {

        boolean passed() {
            return violation == null;
        }
    }

    private final Scenario scenario;
    private final SimCluster cluster;
    private final FaultInjector injector;
    private final FinalCheck finalCheck;

    private Simulation(Scenario scenario, Blueprint blueprint, boolean verbose) {
        this.scenario = scenario;
        this.cluster = new SimCluster(scenario, blueprint, verbose);
        this.injector = new FaultInjector(cluster);
        this.finalCheck = new FinalCheck(cluster);
    }

    static Verdict run(Scenario scenario, Blueprint blueprint, boolean verbose) {
        return new Simulation(scenario, blueprint, verbose).run();
    }

    static Verdict run(Scenario scenario) {
        return run(scenario, Blueprint.PRODUCTION, false);
    }

    private Verdict run() {
        Violation violation = null;
        try {
            live();
        } catch (Violation found) {
            violation = found;
        } catch (RuntimeException | SimCrash thrown) {
            violation = new Violation("exception", describe(thrown));
        }
        History history = cluster.watch.history();
        return new Verdict(
                scenario,
                violation,
                cluster.trace.hash(),
                cluster.trace.events(),
                history.written(),
                history.values(),
                cluster.loop.nowMillis(),
                cluster.trace.lines());
    }

    private static String describe(Throwable thrown) {
        StringBuilder out = new StringBuilder(thrown.toString());
        for (StackTraceElement at : thrown.getStackTrace()) {
            if (at.getClassName().startsWith("dev.minidynamo")) {
                out.append("\n      at ").append(at);
            }
        }
        return out.toString();
    }

    private void live() {
        cluster.nodes.forEach(SimNode::boot);
        runFor(200);
        for (Step step : scenario.steps()) {
            cluster.after(step.atMillis(), () -> take(step));
        }
        long over = cluster.loop.nowMillis() + scenario.shape().activeMillis() + 1;
        while (cluster.loop.nowMillis() < over) {
            runFor(Math.min(STEP_MILLIS, over - cluster.loop.nowMillis()));
            finalCheck.checkBounds();
            cluster.watch.ledger().checkHints();
        }
        cluster.watch.clients().giveUp();
        cluster.watch.history().checkServed();
        injector.heal();
        runFor(History.LONGEST_MILLIS);
        converge();
        outlastHeldMessages();
        outlastTheDead();
        finalCheck.check();
        serveAgain();
        converge();
        finalCheck.check();
    }

    /** P3: once all is well, every node writes and reads. */
    private void serveAgain() {
        runFor(CLOCK_BOUND_MILLIS);
        History history = cluster.watch.history();
        Shape shape = scenario.shape();
        List<SimNode> members = cluster.members();
        for (int i = 0; i < members.size(); i++) {
            int key = i % shape.keys();
            int node = members.get(i).index;
            history.invoke(request(LAST_IDS + 2 * i, Step.Verb.PUT, node, key));
            runFor(STEP_MILLIS);
            int other = members.get((i + 1) % members.size()).index;
            history.invoke(request(LAST_IDS + 2 * i + 1, Step.Verb.GET, other, key));
            runFor(STEP_MILLIS);
        }
        history.checkServed();
    }

    private static Step.Request request(int id, Step.Verb verb, int node, int key) {
        return new Step.Request(0, id, verb, node, key, true, 0, 20, 0, 0);
    }

    private void take(Step step) {
        switch (step) {
            case Step.Request request -> cluster.watch.clients().take(request);
            case Step.Fault fault -> injector.inject(fault);
            case Step.NewRing change -> cluster.restartWith(change);
        }
    }

    private void converge() {
        long end = cluster.loop.nowMillis() + QUIET_MILLIS;
        String pending = "not looked yet";
        while (!pending.isEmpty()) {
            mayStillBe(pending, end);
            runFor(STEP_MILLIS);
            cluster.watch.ledger().checkHints();
            pending = finalCheck.pending();
        }
    }

    private void mayStillBe(String pending, long endMillis) {
        Violation.check(
                cluster.loop.nowMillis() < endMillis,
                invariantOf(pending),
                () -> "after healing: " + pending);
    }

    private static String invariantOf(String pending) {
        return pending.contains("hints") ? "I4" : pending.contains("own it") ? "I10" : "I3";
    }

    /** What the network held back arrives now, long after it was sent. */
    private void outlastHeldMessages() {
        if (scenario.has(FaultKind.HOLD)) {
            runFor(SimOptions.GRACE_MILLIS + 12_000);
            converge();
        }
    }

    /** P7: nothing keeps a tombstone any more once its grace is over, nor an expired cell. */
    private void outlastTheDead() {
        long dead = SimClock.START_MILLIS + cluster.loop.nowMillis();
        long end =
                cluster.loop.nowMillis()
                        + SimOptions.graceMillis(scenario.shape().comparison())
                        + REAPED_MILLIS;
        String left = finalCheck.unreaped(dead);
        while (!left.isEmpty()) {
            String unreaped = left;
            Violation.check(
                    cluster.loop.nowMillis() < end,
                    "P7",
                    () -> "after the grace and the heal, " + unreaped);
            runFor(STEP_MILLIS);
            left = finalCheck.unreaped(dead);
        }
    }

    private void runFor(long millis) {
        long end = cluster.loop.nowNanos() + millis * 1_000_000;
        while (cluster.loop.runNextUntil(end)) {
            cluster.watch.afterEvent();
        }
    }
}

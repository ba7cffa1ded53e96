package dev.minidynamo.agent;

import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One node's process on this machine, as a state machine that a {@link Fleet} drives by its ticks.
 *
 * <p>The state is what is observed, not what was asked: a process that somebody else stopped is
 * shown as paused, and one that somebody else killed as crashed. A crashed node is restarted after
 * a pause that doubles from {@value #FIRST_BACKOFF_MILLIS} ms to {@value #LAST_BACKOFF_MILLIS} ms;
 * one that the user killed stays down, and so does one that refuses its first start by exit status
 * 1 or 2, because trying again would only repeat its sentence. A pause of the user ends by itself,
 * as every fault does that leaves the process alive.
 */
public final class NodeProcess implements ObservedNode {

    static final long FIRST_BACKOFF_MILLIS = 500;
    static final long LAST_BACKOFF_MILLIS = 30_000;
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final long STABLE_MILLIS = 30_000;
    private static final long NOT_PAUSED = Long.MAX_VALUE;
    private static final Duration GRACE = Duration.ofSeconds(8);
    private static final Duration OBSERVE = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    /**
     * What a process needs of its surroundings.
     *
     * @param longestPause after which a pause ends by itself
     */
    public record Surroundings(
            Spawner spawner,
            HealthProbe probe,
            Duration longestPause,
            Consumer<String> log,
            Consumer<AgentEvent> events) {}

    private enum Wish {
        RUN,
        KILL,
        STOP
    }

    private final LaunchPlan plan;
    private final Surroundings around;
    private final Lock oneAction = new ReentrantLock();
    private @Nullable Process process;
    private Wish wish = Wish.STOP;
    private NodeState state = NodeState.STOPPED;
    private long sinceMillis = System.currentTimeMillis();
    private long startedMillis;
    private long backoffMillis = FIRST_BACKOFF_MILLIS;
    private long pausedUntilMillis = NOT_PAUSED;
    private int restarts;
    private boolean everUp;

    /** Whether the present process has answered. */
    private boolean answered;

    private @Nullable Integer exitStatus;
    private String note = "";

    public NodeProcess(LaunchPlan plan, Surroundings around) {
        this.plan = plan;
        this.around = around;
    }

    @Override
    public NodeId id() {
        return plan.id();
    }

    @Override
    public synchronized NodeView view() {
        Process current = process;
        Long pid = current != null && state.running() ? current.pid() : null;
        return new NodeView(
                plan.id(),
                plan.address(),
                state,
                pid,
                sinceMillis,
                exitStatus,
                restarts,
                note,
                true);
    }

    /** Starts the process unless it runs. */
    @Override
    public synchronized void start() {
        wish = Wish.RUN;
        if (!state.running()) {
            spawn();
        }
    }

    @Override
    public NodeView kill() {
        return alone(() -> {
            endForcibly(expectRunning("killed"), Wish.KILL);
            return view();
        });
    }

    @Override
    public NodeView restart() {
        return alone(this::startFresh);
    }

    private NodeView startFresh() {
        Process current = running();
        if (current != null) {
            end(current, Wish.STOP);
        }
        synchronized (this) {
            backoffMillis = FIRST_BACKOFF_MILLIS;
            start();
        }
        return view();
    }

    @Override
    public NodeView pause() {
        return alone(this::stopBySignal);
    }

    private NodeView stopBySignal() {
        Process current = expectRunning("paused");
        signal("STOP", current);
        pausedUntil(System.currentTimeMillis() + around.longestPause().toMillis());
        return observed(() -> !isState(NodeState.UP) && !isState(NodeState.STARTING));
    }

    @Override
    public NodeView resume() {
        return alone(this::continueBySignal);
    }

    private NodeView continueBySignal() {
        Process current = running();
        if (current == null || !isState(NodeState.PAUSED)) {
            throw new ControlException(id() + " is " + view().state().word() + ", not paused.");
        }
        runOn(current);
        return observed(() -> !isState(NodeState.PAUSED));
    }

    private void runOn(Process current) {
        pausedUntil(NOT_PAUSED);
        signal("CONT", current);
    }

    private synchronized void pausedUntil(long millis) {
        pausedUntilMillis = millis;
    }

    private synchronized boolean pauseIsOver() {
        return System.currentTimeMillis() >= pausedUntilMillis;
    }

    /** Ends the process: SIGTERM, and SIGKILL if it does not end in time or is paused. */
    @Override
    public void stop() {
        alone(() -> {
            wish(Wish.STOP);
            Process current = running();
            if (current != null) {
                end(current, Wish.STOP);
            }
            return view();
        });
    }

    private NodeView alone(Supplier<NodeView> action) {
        oneAction.lock();
        try {
            return action.get();
        } finally {
            oneAction.unlock();
        }
    }

    @Override
    public void tick() {
        Process current = running();
        if (current == null) {
            restartIfDue();
        } else if (!current.isAlive()) {
            ended(current);
        } else {
            observe(current);
        }
    }

    private void observe(Process current) {
        boolean stopped = Signals.stopped(current.pid()).orElse(isState(NodeState.PAUSED));
        if (stopped) {
            enterIf(current, NodeState.PAUSED, "is paused");
            if (pauseIsOver()) {
                runOn(current);
            }
        } else if (isState(NodeState.PAUSED)) {
            enterIf(current, runningOn(), "runs on");
        } else if (isState(NodeState.STARTING) && around.probe().healthy(plan.address())) {
            enterIf(current, NodeState.UP, "is up after " + seconds() + " s, pid " + current.pid());
        }
    }

    /** What a paused process is again when it runs on: one that was starting still is. */
    private synchronized NodeState runningOn() {
        return answered ? NodeState.UP : NodeState.STARTING;
    }

    private synchronized void enterIf(Process current, NodeState next, String text) {
        if (current.equals(process) && state != next) {
            answered = answered || next == NodeState.UP;
            everUp = everUp || answered;
            enter(next, "", text);
        }
    }

    private synchronized void restartIfDue() {
        long waited = System.currentTimeMillis() - sinceMillis;
        if (state == NodeState.CRASHED && wish == Wish.RUN && waited >= backoffMillis) {
            backoffMillis = Math.min(backoffMillis * 2, LAST_BACKOFF_MILLIS);
            restarts++;
            spawn();
        }
    }

    private synchronized void spawn() {
        startedMillis = System.currentTimeMillis();
        pausedUntilMillis = NOT_PAUSED;
        answered = false;
        try {
            Process fresh = around.spawner().spawn(plan.command().get());
            process = fresh;
            enter(NodeState.STARTING, "", "is starting, pid " + fresh.pid());
            Thread.ofPlatform()
                    .name("log-" + id())
                    .daemon()
                    .start(new LogForwarder(fresh.getInputStream(), around.log()));
        } catch (IOException e) {
            process = null;
            enter(NodeState.CRASHED, "It could not be started: " + e.getMessage(), "did not start");
        }
    }

    private synchronized void ended(Process current) {
        if (!current.equals(process)) {
            return;
        }
        process = null;
        int status = current.exitValue();
        exitStatus = status;
        switch (wish) {
            case KILL -> enter(NodeState.KILLED, "", "was killed");
            case STOP -> enter(NodeState.STOPPED, "", "is stopped");
            case RUN -> crashed(status);
        }
    }

    private void crashed(int status) {
        if (System.currentTimeMillis() - startedMillis >= STABLE_MILLIS) {
            backoffMillis = FIRST_BACKOFF_MILLIS;
        }
        String how = "ended by itself, exit status " + status;
        if (!everUp && (status == 1 || status == 2)) {
            wish = Wish.STOP;
            enter(NodeState.CRASHED, "It could not start; its log says why.", how);
            return;
        }
        enter(NodeState.CRASHED, "It " + how + "; it is started again.", how);
    }

    private void end(Process current, Wish goal) {
        if (isState(NodeState.PAUSED)) {
            endForcibly(current, goal);
            return;
        }
        wish(goal);
        current.destroy();
        if (!waitForEnd(current, GRACE)) {
            endForcibly(current, goal);
        }
        ended(current);
    }

    private void endForcibly(Process current, Wish goal) {
        wish(goal);
        current.destroyForcibly();
        if (!waitForEnd(current, OBSERVE)) {
            throw new ControlException(id() + " did not end although it was killed.");
        }
        ended(current);
    }

    private synchronized void wish(Wish goal) {
        wish = goal;
    }

    private static boolean waitForEnd(Process current, Duration atMost) {
        try {
            return current.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void signal(String name, Process current) {
        try {
            Signals.send(name, current.pid());
        } catch (IOException e) {
            throw new ControlException(id() + " took no SIG" + name + ": " + e.getMessage(), e);
        }
        if (Signals.stopped(current.pid()).isEmpty()) {
            enterIf(
                    current,
                    name.equals("STOP") ? NodeState.PAUSED : runningOn(),
                    "took SIG" + name);
        }
    }

    private NodeView observed(BooleanSupplier condition) {
        long deadline = System.nanoTime() + OBSERVE.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            tick();
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        if (!condition.getAsBoolean()) {
            throw new ControlException(id() + " did not take the signal in time.");
        }
        return view();
    }

    private Process expectRunning(String verb) {
        Process current = running();
        if (current == null) {
            throw new ControlException(
                    id() + " is " + view().state().word() + ", so it cannot be " + verb + ".");
        }
        return current;
    }

    private synchronized @Nullable Process running() {
        return process;
    }

    private synchronized boolean isState(NodeState wanted) {
        return state == wanted;
    }

    private synchronized String seconds() {
        return String.format(
                Locale.ROOT, "%.1f", (System.currentTimeMillis() - startedMillis) / 1000.0);
    }

    private void enter(NodeState next, String newNote, String text) {
        state = next;
        note = newNote;
        sinceMillis = System.currentTimeMillis();
        around.events().accept(new AgentEvent(sinceMillis, id(), next, text));
    }
}

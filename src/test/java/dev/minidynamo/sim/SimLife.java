package dev.minidynamo.sim;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One run of one simulated process, from its start to its end.
 *
 * <p>Every task in the loop belongs to a life. When the life ends its tasks are dropped, wherever
 * they wait; while it is paused (SIGSTOP) they are held back and run, late, when it resumes.
 */
public final class SimLife {

    private final String name;
    private final Runnable crashed;
    private final Deque<Runnable> held = new ArrayDeque<>();
    private boolean ended;
    private boolean paused;

    /**
     * @param crashed runs when a {@link SimCrash} ends this life; not when {@link #end} does
     */
    public SimLife(String name, Runnable crashed) {
        this.name = name;
        this.crashed = crashed;
    }

    public SimLife(String name) {
        this(name, () -> {});
    }

    public String name() {
        return name;
    }

    public boolean ended() {
        return ended;
    }

    public boolean paused() {
        return paused;
    }

    /** Ends the life: nothing that belongs to it runs any more. */
    public void end() {
        ended = true;
        held.clear();
    }

    /** Holds back what belongs to it, as SIGSTOP does. */
    public void pause() {
        paused = true;
    }

    /** Runs, from now on, what was held back. */
    public void resume(SimLoop loop) {
        paused = false;
        while (!held.isEmpty()) {
            loop.at(loop.nowNanos(), this, held.poll());
        }
    }

    void hold(Runnable task) {
        held.add(task);
    }

    void crash() {
        if (!ended) {
            end();
            crashed.run();
        }
    }
}

package dev.minidynamo.agent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The one thread that starts every node, so that no node outlives the agent.
 *
 * <p>Two things see to it. The kernel kills a node when the thread that started it ends (prctl(2),
 * {@code PR_SET_PDEATHSIG}); that also ends a node that is stopped by SIGSTOP, and it is why one
 * thread that lives as long as the agent starts them all. And each node reads the pipe that is its
 * standard input, and exits at its end, which works where the first does not.
 */
public final class Spawner {

    private final List<String> prefix = Signals.diesWithParent();
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("node-spawner").daemon().factory());

    /** Starts the command with pipes for its input and its (joined) output. */
    Process spawn(List<String> command) throws IOException {
        List<String> full = new ArrayList<>(prefix);
        full.addAll(command);
        try {
            return thread.submit(() -> new ProcessBuilder(full).redirectErrorStream(true).start())
                    .get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting a process", e);
        }
    }
}

package dev.minidynamo.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What Java has no call for: stopping and continuing a process, and seeing that it is stopped.
 *
 * <p>The shell's built-in {@code kill} is used because the program of that name is missing from
 * small container images.
 */
final class Signals {

    private static final long WAIT_SECONDS = 5;

    private Signals() {}

    /** Sends {@code STOP} or {@code CONT}. */
    static void send(String signal, long pid) throws IOException {
        if (!run(List.of("/bin/sh", "-c", "kill -" + signal + " " + pid))) {
            throw new IOException("kill -" + signal + " " + pid + " failed");
        }
    }

    /** Whether the process is stopped, or empty where the system does not tell (no /proc). */
    static Optional<Boolean> stopped(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return Optional.of(state == 'T');
        } catch (IOException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /**
     * The words to put before a command so that the kernel kills it when the thread that started it
     * ends ({@code setpriv --pdeathsig KILL}), and so that Ctrl-C in a terminal reaches the agent
     * alone ({@code setsid}); nothing where there are no such programs.
     */
    static List<String> diesWithParent() {
        List<String> prefix = List.of("setsid", "setpriv", "--pdeathsig", "KILL");
        List<String> trial = new ArrayList<>(prefix);
        trial.add("true");
        try {
            return run(trial) ? prefix : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean run(List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            return process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            process.destroyForcibly();
        }
    }
}

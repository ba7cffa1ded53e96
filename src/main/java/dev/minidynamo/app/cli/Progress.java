package dev.minidynamo.app.cli;

import org.jspecify.annotations.Nullable;

import java.io.Console;
import java.io.PrintStream;

/**
 * A line on a terminal that shows how far long work is. Nothing is printed where there is no
 * terminal, so that a file or a pipe gets results alone.
 */
final class Progress {

    private static final String CLEAR = "\r\u001b[K";
    private static final int WIDTH = 20;

    private final PrintStream out;
    private final boolean terminal;

    Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** On the error output, so that results can be piped on while the line is seen. */
    static Progress onTerminal() {
        return new Progress(System.err, isTerminal(System.console()));
    }

    /** Java has no console object, or one that is no terminal, depending on its version. */
    private static boolean isTerminal(@Nullable Console console) {
        return console != null && console.isTerminal();
    }

    /** Overwrites the line with a bar and a text. */
    void bar(double done, String text) {
        int full = (int) (Math.clamp(done, 0, 1) * WIDTH);
        text("[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "] " + text);
    }

    /** Overwrites the line with a text. */
    void text(String text) {
        if (terminal) {
            out.print(CLEAR + text);
            out.flush();
        }
    }

    /** Removes the line. */
    void clear() {
        text("");
    }
}

package dev.minidynamo.app;

import dev.minidynamo.store.ForeignDirectoryException;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

import java.nio.file.FileSystemException;

/**
 * Keeps Spring from reporting a failed start at length when its reason is an expected one; the
 * command line tells it in a sentence.
 */
public final class StartFailure implements SpringBootExceptionReporter {

    public StartFailure(@Nullable ConfigurableApplicationContext context) {}

    @Override
    public boolean reportException(Throwable failure) {
        return expected(failure) != null;
    }

    /** The expected reason somewhere behind a failure, or null. */
    static @Nullable StartRefused expected(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartRefused refused) {
                return refused;
            }
            if (cause instanceof PortInUseException taken) {
                return new StartRefused(
                        StartRefused.UNAVAILABLE,
                        "port " + taken.getPort() + " is taken by another program.");
            }
            if (cause instanceof ForeignDirectoryException foreign) {
                return new StartRefused(StartRefused.USAGE, String.valueOf(foreign.getMessage()));
            }
            if (cause instanceof FileSystemException e) {
                return new StartRefused(
                        StartRefused.USAGE, "the file system refused a file: " + e + ".");
            }
            if (cause instanceof MarkedYAMLException e) {
                return new StartRefused(
                        StartRefused.USAGE, "application.yaml is not YAML: " + where(e) + ".");
            }
        }
        return null;
    }

    private static String where(MarkedYAMLException e) {
        Mark at = e.getProblemMark();
        return at == null
                ? e.getProblem()
                : e.getProblem()
                        + " at line "
                        + (at.getLine() + 1)
                        + ", column "
                        + (at.getColumn() + 1);
    }
}

package dev.minidynamo.app;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;

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
        }
        return null;
    }
}

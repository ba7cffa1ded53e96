package dev.minidynamo.app;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

import java.io.PrintWriter;

/** Tells why a command failed: an expected reason in a sentence, a bug with its stack trace. */
final class Failures implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(
            Exception failure, CommandLine command, ParseResult parsed) {
        return tell(failure, command.getErr());
    }

    /** The exit status of a command that failed so. */
    static int tell(Exception failure, PrintWriter err) {
        StartRefused refused = StartFailure.expected(failure);
        if (refused != null) {
            err.println("mini-dynamo: " + refused.sentence());
        } else {
            failure.printStackTrace(err);
        }
        err.flush();
        return refused == null ? StartRefused.UNAVAILABLE : refused.exitStatus();
    }
}

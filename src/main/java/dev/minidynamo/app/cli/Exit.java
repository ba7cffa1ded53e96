package dev.minidynamo.app.cli;

/** The exit statuses of the client commands. */
final class Exit {

    static final int OK = 0;

    /** The key is not there, or the operation failed. */
    static final int FAILED = 1;

    /** The request was wrong. */
    static final int USAGE = 2;

    /** No node could be reached. */
    static final int UNREACHABLE = 3;

    private Exit() {}
}

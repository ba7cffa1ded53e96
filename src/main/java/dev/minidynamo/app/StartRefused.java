package dev.minidynamo.app;

/**
 * A start that ends before it began, because of what the user gave or what the machine has.
 *
 * <p>It is shown as its one sentence, without a stack trace.
 */
public final class StartRefused extends RuntimeException {

    /** The exit status for what the user can correct on the command line or in a file. */
    public static final int USAGE = 2;

    /** The exit status for what the machine does not give: a port. */
    public static final int UNAVAILABLE = 1;

    private static final long serialVersionUID = 1L;

    private final int exitStatus;

    public StartRefused(int exitStatus, String sentence) {
        super(sentence);
        this.exitStatus = exitStatus;
    }

    /** A wrong value: {@code field is "value"; accepted is …}. */
    static StartRefused value(String field, String value, String accepted) {
        return new StartRefused(
                USAGE, field + " is \"" + value + "\"; accepted is " + accepted + ".");
    }

    public int exitStatus() {
        return exitStatus;
    }

    public String sentence() {
        return String.valueOf(getMessage());
    }
}

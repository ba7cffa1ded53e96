package dev.minidynamo.agent;

/** A control action that could not be done; the message is a sentence for people. */
public final class ControlException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ControlException(String sentence) {
        super(sentence);
    }

    public ControlException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}

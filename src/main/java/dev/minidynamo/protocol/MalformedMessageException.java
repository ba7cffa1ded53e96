package dev.minidynamo.protocol;

/** The bytes of a message are not what {@code docs/formats.md} says; nothing of it was used. */
public final class MalformedMessageException extends Exception {

    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message);
    }
}

package dev.minidynamo.protocol;

/** What both ends of the wire need to know of their own node; called on the event loop. */
public interface WireIdentity {

    /** The header of a batch that is made now. */
    BatchHeader header();

    /** Takes note of what a peer's header says, its hybrid logical time above all. */
    void observe(BatchHeader peer);

    /** The own ring in one sentence, for a peer whose ring differs. */
    String ringDescription();
}

package dev.minidynamo.agent;

/** A node that a {@link Fleet} looks at again and again. */
interface ObservedNode extends NodeControl {

    /** Looks at the node and acts on what is seen. Never throws; may take a second or two. */
    void tick();

    /** Starts the node if this agent owns its process. */
    default void start() {}

    /** Ends the node if this agent owns its process. */
    default void stop() {}
}

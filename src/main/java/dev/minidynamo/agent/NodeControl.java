package dev.minidynamo.agent;

import dev.minidynamo.model.NodeId;

/**
 * The handle on one node's process, here or at a remote agent.
 *
 * <p>Each action returns once its effect is observed, or fails.
 */
public interface NodeControl {

    NodeId id();

    /** The last observed state; never blocks. */
    NodeView view();

    /**
     * Ends the process by SIGKILL. It stays down until {@link #restart}.
     *
     * @throws ControlException if that cannot be done; the message is a sentence for people
     */
    NodeView kill();

    /**
     * Starts a fresh process, after ending the one that may still run.
     *
     * @throws ControlException if that cannot be done
     */
    NodeView restart();

    /**
     * Stops the process by SIGSTOP, without its knowledge.
     *
     * @throws ControlException if it does not run
     */
    NodeView pause();

    /**
     * Lets a paused process run on, by SIGCONT.
     *
     * @throws ControlException if it is not paused
     */
    NodeView resume();
}

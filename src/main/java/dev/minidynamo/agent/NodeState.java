package dev.minidynamo.agent;

/** What an agent observes of a node's process. */
public enum NodeState {
    /** The process runs and has not answered yet. */
    STARTING("starting"),
    /** The process runs and has answered. */
    UP("up"),
    /** The process is stopped by SIGSTOP and holds everything it had. */
    PAUSED("paused"),
    /** The user killed it; it stays down until the user restarts it. */
    KILLED("killed"),
    /** It ended by itself; the agent starts it again after a while. */
    CRASHED("crashed"),
    /** It ended because the agent was told to stop it, or was never started. */
    STOPPED("stopped"),
    /** Nobody knows: the agent that owns the process does not answer. */
    UNKNOWN("unknown");

    private final String word;

    NodeState(String word) {
        this.word = word;
    }

    /** The state as a reader sees it. */
    public String word() {
        return word;
    }

    /** Whether there is a process. */
    public boolean running() {
        return this == STARTING || this == UP || this == PAUSED;
    }
}

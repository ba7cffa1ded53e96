package dev.minidynamo.dashboard.scenario;

import dev.minidynamo.dashboard.NodeNumbers;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a scenario can do to a cluster and see of it: nothing that a person with the page and curl
 * could not.
 */
interface Stage {

    /** How a write ended. */
    record Write(int status, String version, String outcome, String counts, long micros) {
        boolean acknowledged() {
            return status >= 200 && status < 300;
        }
    }

    /** What one node's own store holds of a key. */
    record Held(String node, String answer, String version, boolean tombstone) {}

    /** Something that may come to hold. */
    interface Hope {
        boolean holds() throws ScenarioFailed;
    }

    /** Begins a step. */
    void step(String title);

    /** Adds a fact to the step. */
    void evidence(String fact);

    /** Fails the scenario unless this holds. */
    default void check(boolean holds, String sentence) throws ScenarioFailed {
        if (!holds) {
            throw new ScenarioFailed(sentence);
        }
    }

    /** The nodes, in the order of nodes.json. */
    List<String> nodes();

    int replicas();

    int writeQuorum();

    /** The nodes that own a key, the first one first. */
    List<String> owners(String key) throws ScenarioFailed;

    /** A prefix for keys that no other run uses. */
    String prefix();

    void kill(List<String> nodes);

    void restart(List<String> nodes);

    void pause(String node);

    void resume(String node);

    /** Switches anti-entropy on or off on every node that answers. */
    void antiEntropy(boolean on) throws ScenarioFailed, InterruptedException;

    /** Holds back or releases the delivery of hints on every node that answers. */
    void hintDelivery(boolean on) throws ScenarioFailed, InterruptedException;

    /** Drops the hints that wait for a node. */
    void dropHints(String target) throws ScenarioFailed, InterruptedException;

    Write put(String through, String key, String value);

    Write delete(String through, String key);

    /** The value and its version as a quorum sees them; null if there is no value. */
    @Nullable String get(String through, String key) throws ScenarioFailed;

    /** What each owner holds of a key now, without repairing anything. */
    List<Held> inspect(String through, String key) throws ScenarioFailed;

    /** Fresh figures of the nodes that answer. */
    Map<String, NodeNumbers> numbers();

    /** Whether the process runs and answers. */
    boolean up(String node);

    /**
     * Waits until something holds.
     *
     * @param what it waits for, continuing "waited for "
     * @return how long it took, in milliseconds
     */
    long await(String what, Duration atMost, Hope holds)
            throws ScenarioFailed, InterruptedException;
}

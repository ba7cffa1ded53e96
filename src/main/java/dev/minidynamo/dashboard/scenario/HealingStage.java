package dev.minidynamo.dashboard.scenario;

import java.util.List;

/** A stage that whoever runs a scenario prepares before it and heals after it. */
interface HealingStage extends Stage {

    /** Sees that the cluster is whole, since nothing can be proved on one that is not. */
    void begin() throws ScenarioFailed, InterruptedException;

    /**
     * Ends every fault and leaves anti-entropy and the delivery of hints as they were before, even
     * if the thread is interrupted.
     *
     * @return a sentence for each thing that could not be healed
     */
    List<String> healEverything();
}

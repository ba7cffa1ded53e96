package dev.minidynamo.dashboard.scenario;

import java.util.List;

/** A guided experiment on the running cluster. */
interface Scenario {

    /** The name in URLs and on the command line. */
    String name();

    String title();

    /** What it proves, in one sentence. */
    String proves();

    /** The promises it shows, such as P7. */
    List<String> promises();

    /**
     * Carries it out, step by step; whoever runs it heals everything afterwards, however it ends.
     *
     * @throws ScenarioFailed if what was seen is not what is promised
     * @throws InterruptedException if it was aborted
     */
    void run(Stage stage) throws ScenarioFailed, InterruptedException;
}

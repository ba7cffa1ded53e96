package dev.minidynamo.dashboard.scenario;

/** What was seen is not what is promised; the message says what was expected and what was seen. */
final class ScenarioFailed extends Exception {

    private static final long serialVersionUID = 1L;

    ScenarioFailed(String sentence) {
        super(sentence);
    }
}

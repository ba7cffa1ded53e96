package dev.minidynamo.dashboard.scenario;

import java.util.List;

/** The scenarios in the order of the page. */
final class Scenarios {

    private Scenarios() {}

    static List<Scenario> all() {
        return List.of(
                new HandoffScenario(),
                new TombstoneScenario(),
                new ColdKeysScenario(),
                new DurabilityScenario(),
                new QuorumLossScenario(),
                new GrayFailureScenario());
    }
}

package dev.minidynamo.dashboard;

import dev.minidynamo.agent.NodeView;

/**
 * One node as the dashboard sees it at one moment.
 *
 * @param view its process, as the agent observes it
 * @param condition what a reader is told
 * @param sinceMillis wall time since when the condition holds
 * @param numbers the last figures it gave, which may be old
 * @param numbersAtMillis wall time at which it gave them, 0 if never
 * @param answering whether it answered the last time it was asked
 */
public record NodeSight(
        NodeView view,
        Condition condition,
        long sinceMillis,
        NodeNumbers numbers,
        long numbersAtMillis,
        boolean answering) {

    public String id() {
        return view.id().value();
    }
}

package dev.minidynamo.dashboard;

/**
 * A fault that is in force on the link between two nodes, as at least one of them reports it.
 *
 * @param drop whether every message is lost
 * @param delayMillis how much later each message arrives
 * @param lossPercent how many messages of a hundred are lost
 * @param untilMillis wall time at which the fault ends by itself
 */
public record LinkSight(
        String a, String b, boolean drop, int delayMillis, int lossPercent, long untilMillis) {

    /** Whether it is the link between these two, in whichever order. */
    boolean joins(String x, String y) {
        return (a.equals(x) && b.equals(y)) || (a.equals(y) && b.equals(x));
    }
}

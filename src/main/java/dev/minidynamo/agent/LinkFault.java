package dev.minidynamo.agent;

import dev.minidynamo.model.NodeId;

/**
 * A fault to be put on the link between two nodes, in both directions.
 *
 * @param drop whether every message is lost
 * @param delayMillis how much later each message arrives, 0 to 60,000
 * @param lossPercent how many messages of a hundred are lost, 0 to 100
 * @param seconds after which the fault ends by itself, 1 to {@value #MAX_SECONDS}
 */
public record LinkFault(
        NodeId a, NodeId b, boolean drop, int delayMillis, int lossPercent, int seconds) {

    /** The longest time a fault may last, in seconds. */
    public static final int MAX_SECONDS = 600;

    private static final int MAX_DELAY_MILLIS = 60_000;

    /**
     * @throws IllegalArgumentException with a sentence about what is not accepted
     */
    public LinkFault {
        if (a.equals(b)) {
            throw new IllegalArgumentException("A link joins two different nodes.");
        }
        require("delayMillis", delayMillis, 0, MAX_DELAY_MILLIS);
        require("lossPercent", lossPercent, 0, 100);
        require("seconds", seconds, 1, MAX_SECONDS);
    }

    private static void require(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " is " + value + "; accepted is " + least + " to " + most + ".");
        }
    }
}

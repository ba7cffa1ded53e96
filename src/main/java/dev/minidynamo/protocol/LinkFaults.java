package dev.minidynamo.protocol;

import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Faults put upon the links of a node on purpose, for scenarios and tests: each link may lose or
 * delay messages in both directions, and heals by itself.
 *
 * <p>It does nothing in a node that was started without fault injection. Safe for use by many
 * threads: rules change rarely, by replacing the whole map.
 */
public final class LinkFaults {

    /** The longest a rule may last. */
    public static final int MAX_SECONDS = 3600;

    /** The longest delay of a message. */
    public static final int MAX_DELAY_MILLIS = 60_000;

    /**
     * What happens to messages of one link.
     *
     * @param drop whether all of them are lost
     * @param delayMillis how long each is held up
     * @param lossPercent how many of a hundred are lost
     * @param untilNanos monotonic time at which the rule ends
     */
    public record Rule(boolean drop, int delayMillis, int lossPercent, long untilNanos) {

        /**
         * @throws IllegalArgumentException with a sentence about what is not accepted
         */
        public Rule {
            requireWithin("delayMillis", delayMillis, MAX_DELAY_MILLIS);
            requireWithin("lossPercent", lossPercent, 100);
        }

        /** Whether a message is lost, given a number of 0 to 99 drawn for it. */
        public boolean loses(int draw) {
            return drop || draw < lossPercent;
        }
    }

    private final boolean enabled;
    private final LongSupplier monotonicNanos;
    private volatile Map<NodeId, Rule> rules = new TreeMap<>();

    public LinkFaults(boolean enabled, LongSupplier monotonicNanos) {
        this.enabled = enabled;
        this.monotonicNanos = monotonicNanos;
    }

    /** Whether the node was started with fault injection on. */
    public boolean enabled() {
        return enabled;
    }

    /** The rule in force for the link with {@code peer}, or null. */
    public @Nullable Rule rule(NodeId peer) {
        Map<NodeId, Rule> current = rules;
        if (current.isEmpty()) {
            return null;
        }
        Rule rule = current.get(peer);
        return rule == null || monotonicNanos.getAsLong() - rule.untilNanos() >= 0 ? null : rule;
    }

    /**
     * Puts a rule on the link with {@code peer} for {@code seconds}, instead of the one before.
     *
     * @throws IllegalArgumentException with a sentence about what is not accepted
     */
    public void put(NodeId peer, boolean drop, int delayMillis, int lossPercent, int seconds) {
        if (!enabled) {
            throw new IllegalArgumentException(
                    "this node was started without fault injection, so its links cannot be cut");
        }
        if (seconds < 1) {
            throw new IllegalArgumentException(
                    "seconds is " + seconds + "; accepted is 1 to " + MAX_SECONDS);
        }
        requireWithin("seconds", seconds, MAX_SECONDS);
        long until = monotonicNanos.getAsLong() + seconds * 1_000_000_000L;
        Map<NodeId, Rule> changed = new TreeMap<>(rules);
        changed.put(peer, new Rule(drop, delayMillis, lossPercent, until));
        rules = changed;
    }

    /** Ends every rule. */
    public void heal() {
        rules = new TreeMap<>();
    }

    /** Ends the rule of one link. */
    public void heal(NodeId peer) {
        Map<NodeId, Rule> changed = new TreeMap<>(rules);
        changed.remove(peer);
        rules = changed;
    }

    /** How long a rule will last, in milliseconds; at least 0. */
    public long millisLeft(Rule rule) {
        return Math.max(0, rule.untilNanos() - monotonicNanos.getAsLong()) / 1_000_000;
    }

    /** The rules in force. */
    public Map<NodeId, Rule> inForce() {
        Map<NodeId, Rule> live = new TreeMap<>(rules);
        live.keySet().removeIf(peer -> rule(peer) == null);
        return live;
    }

    private static void requireWithin(String field, int value, int most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(
                    field + " is " + value + "; accepted is 0 to " + most);
        }
    }
}

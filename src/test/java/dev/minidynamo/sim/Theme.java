package dev.minidynamo.sim;

import static dev.minidynamo.sim.FaultKind.*;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a scenario is about. Most are about anything at all; the others set up what chance alone
 * would hardly ever do.
 */
enum Theme {
    /** Any faults, any clients. */
    ANYTHING(EnumSet.allOf(FaultKind.class)),

    /**
     * Hints alone bring the replicas together: replicas are never compared, which would hide a hint
     * that is missing. A coordinator that dies takes hints along that it had yet to store, so only
     * the last node dies, which coordinates nothing; the holders restart once all is stored.
     */
    HINTS_ALONE(
            EnumSet.of(
                    KILL,
                    POWER_LOSS,
                    PAUSE,
                    ISOLATE,
                    CUT,
                    CUT_ONE_WAY,
                    SPLIT,
                    FLAP,
                    LOSS,
                    DUPLICATE,
                    SLOW_LINK)),

    /**
     * A node misses deletes until the hints for it have expired, and is back before the grace is
     * over, so that it serves at once; or the messages of a link are held back until the deletes
     * that came after them have been reaped. Replicas are compared only after the heal.
     */
    FORGETTING(EnumSet.of(KILL, POWER_LOSS, ISOLATE, CUT, PAUSE, DUPLICATE, COMPACT)),

    /**
     * Strict clients that await each other, on clocks that differ by less than the allowed drift:
     * only what the replicas say keeps their order.
     */
    SKEWED_CLOCKS(
            EnumSet.of(
                    KILL,
                    RESTART_STORM,
                    CLOCK_BACK_AT_RESTART,
                    LOSS,
                    SLOW_LINK,
                    CUT_ONE_WAY,
                    FLAP,
                    DUPLICATE)),

    /**
     * The writes of a node that owns no key reach one replica at once and the others late, while
     * strict clients of the other nodes read, each read awaiting the one before.
     */
    LATE_WRITES(EnumSet.of(LOSS, DUPLICATE, PAUSE, KILL)),

    /**
     * One node misses writes, then another loses its disk; strict clients read while both come
     * back, and the third may be slow.
     */
    LOST_DISK(EnumSet.of(LOSS, DUPLICATE, SLOW_LINK, COMPACT)),

    /**
     * As above, and the node without data restarts several times while it is cut off, so that it
     * cannot synchronise in between.
     */
    BLANK_RESTARTS(EnumSet.of(LOSS, DUPLICATE, SLOW_LINK, COMPACT)),

    /**
     * A node that holds hints is away for longer than the grace. Their target is back long before,
     * and what they say is deleted meanwhile.
     */
    AWAY(EnumSet.of(KILL, POWER_LOSS, CUT, LOSS, DUPLICATE, SLOW_LINK, HOLD, COMPACT)),

    /**
     * Of two nodes that took writes one is taken out of the ring while the other is away for longer
     * than the grace. What the writes left belongs also to a node that never had any of it.
     */
    LAST_HOLDER(EnumSet.of(LOSS, DUPLICATE, SLOW_LINK, COMPACT)),

    /**
     * Some nodes are down, stopped, cut off, or have a disk that is slow or full; the others are
     * well, so that P3 has them serve all that they are asked, at every moment.
     */
    SOME_DOWN(EnumSet.of(DUPLICATE, COMPACT)),

    /** Clients ask for more at a time than the nodes can hold, and disks are slow. */
    OVERLOAD(EnumSet.of(KILL, POWER_LOSS, PAUSE, ISOLATE, SLOW_DISK, DUPLICATE, COMPACT)),

    /** Nodes are added to the ring and taken out of it, under any faults. */
    NEW_RING(EnumSet.allOf(FaultKind.class));

    final Set<FaultKind> menu;

    Theme(Set<FaultKind> menu) {
        this.menu = menu;
    }

    /** Whether a node loses its disk while strict clients read. */
    boolean losesDisk() {
        return this == LOST_DISK || this == BLANK_RESTARTS;
    }
}

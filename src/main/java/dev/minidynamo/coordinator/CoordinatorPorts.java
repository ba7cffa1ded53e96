package dev.minidynamo.coordinator;

import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.protocol.Transport;
import dev.minidynamo.version.HybridLogicalClock;

/**
 * What the coordinator reaches the world through.
 *
 * @param incarnation of the own node, part of each version it stamps
 */
public record CoordinatorPorts(
        Clock clock,
        Scheduler scheduler,
        Transport transport,
        Peers peers,
        HybridLogicalClock hlc,
        int incarnation) {}

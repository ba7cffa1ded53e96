package dev.minidynamo.antientropy;

import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.protocol.Transport;

/** The outside world as anti-entropy and the tombstone reaper see it. */
public record AntiEntropyPorts(
        Clock clock, Scheduler scheduler, Transport transport, Membership membership) {}

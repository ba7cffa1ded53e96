package dev.minidynamo.membership;

import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.protocol.Transport;

/** The outside world as the failure detector sees it. */
public record MembershipPorts(Clock clock, Scheduler scheduler, Transport transport) {}

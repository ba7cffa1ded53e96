package dev.minidynamo.hints;

import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Disk;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.env.Worker;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.protocol.Transport;

import java.util.function.Consumer;

/**
 * The outside world as the hint manager sees it.
 *
 * @param worker the thread that owns the logs
 * @param own what this node holds itself
 * @param fatal told, once, what makes it impossible to go on: a write or force that failed
 */
public record HintPorts(
        Disk disk,
        Worker worker,
        Clock clock,
        Scheduler scheduler,
        Transport transport,
        Membership membership,
        OwnCopies own,
        Consumer<String> fatal) {}

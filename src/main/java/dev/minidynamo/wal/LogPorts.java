package dev.minidynamo.wal;

import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Disk;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.env.Worker;

import java.util.function.Consumer;

/**
 * What a log needs from outside.
 *
 * @param worker the one thread that writes and forces
 * @param fatal called once when a write or a force failed (promise P10); the owner must end the
 *     process, since nothing is acknowledged any more
 */
public record LogPorts(
        Disk disk, Worker worker, Scheduler scheduler, Clock clock, Consumer<String> fatal) {}

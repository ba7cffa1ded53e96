package dev.minidynamo.node;

import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Disk;
import dev.minidynamo.env.RandomSource;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.env.Worker;
import dev.minidynamo.protocol.Transport;

import java.util.function.Consumer;

/**
 * The world that a node lives in: the real one, or the simulator's.
 *
 * @param logWorker writes and forces the store's log
 * @param hintWorker writes and forces the logs of hints, beside it
 * @param backgroundWorker makes snapshots and compacts
 * @param remote reaches the other nodes; never asked for the own one
 * @param fatal called once, with the reason, when the node must not go on; it is to end the process
 * @param progress takes sentences about a long start
 */
public record NodePorts(
        Clock clock,
        Scheduler scheduler,
        Disk disk,
        Worker logWorker,
        Worker hintWorker,
        Worker backgroundWorker,
        RandomSource random,
        Transport remote,
        Consumer<String> fatal,
        Consumer<String> progress) {}

package dev.minidynamo.store;

import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Disk;
import dev.minidynamo.env.RandomSource;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.env.Worker;
import dev.minidynamo.model.Key;
import dev.minidynamo.wal.LogPorts;

import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * What a store needs from outside.
 *
 * @param logWorker the one thread that writes and forces the log
 * @param backgroundWorker the thread of snapshots and compaction
 * @param tokenOf a key's 64-bit token; its upper 16 bits are the hash-tree leaf
 * @param fatal called once when a write or force failed (promise P10); the owner ends the process
 * @param progress takes sentences about a long start
 */
public record StorePorts(
        Disk disk,
        Worker logWorker,
        Worker backgroundWorker,
        Clock clock,
        Scheduler scheduler,
        RandomSource random,
        ToLongFunction<Key> tokenOf,
        Consumer<String> fatal,
        Consumer<String> progress) {

    LogPorts logPorts() {
        return new LogPorts(disk, logWorker, scheduler, clock, fatal);
    }
}

package dev.minidynamo.store;

import dev.minidynamo.wal.LogMark;

import org.jspecify.annotations.Nullable;

import java.util.BitSet;

/**
 * What a data directory said at the start.
 *
 * @param blank whether there was no data
 * @param clock the clock's record as it was last written
 * @param index filled from the snapshot, or empty
 * @param replayFrom the point of the log up to which the snapshot reaches
 * @param damage leaves that were in doubt before this start
 * @param complete partitions that had been compared before this start; null if none were noted
 */
record StartState(
        boolean blank,
        NodeFile.Identity identity,
        ClockRecord clock,
        KeyIndex index,
        LogMark replayFrom,
        DamageMap damage,
        @Nullable BitSet complete) {}

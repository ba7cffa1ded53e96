package dev.minidynamo.hints;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One hint as it is known in memory; its cell stays on disk once it is durable. */
final class Hint {

    /** What is being done with a hint. */
    enum State {
        /** On its way to the disk. */
        PENDING,
        /** Durable, waits for delivery. */
        WAITING,
        /** Under way to the target. */
        SENT,
        /** Refused by the target for a while. */
        RESTING,
        /** On its way into the own store, not delivered any more. */
        ADOPTED,
        /** The target cannot read it; kept until it expires, not sent again. */
        ASIDE,
        /** Delivered, replaced, expired or lost. */
        GONE
    }

    final Key key;
    final Version version;
    final boolean tombstone;
    final long storedMillis;
    final int recordBytes;

    State state = State.PENDING;
    long position = -1;
    int frameBytes;
    long restsUntilNanos;

    /** The older hint of the same key, which stays until this one is durable. */
    @Nullable Hint older;

    /** Those who wait for this hint to be durable. */
    private @Nullable List<Consumer<HintResult>> waiters;

    Hint(HintRecord.Stored stored, int recordBytes) {
        key = stored.key();
        version = stored.cell().version();
        tombstone = stored.cell() instanceof Cell.Tombstone;
        storedMillis = stored.storedMillis();
        this.recordBytes = recordBytes;
    }

    boolean durable() {
        return position >= 0;
    }

    void await(Consumer<HintResult> waiter) {
        if (waiters == null) {
            waiters = new ArrayList<>(1);
        }
        waiters.add(waiter);
    }

    void answer(HintResult result) {
        List<Consumer<HintResult>> all = waiters;
        waiters = null;
        if (all != null) {
            all.forEach(waiter -> waiter.accept(result));
        }
    }
}

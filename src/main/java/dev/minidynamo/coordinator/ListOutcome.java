package dev.minidynamo.coordinator;

import dev.minidynamo.model.Key;
import dev.minidynamo.protocol.Reply.PageEntry;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** How a listing ended. */
public sealed interface ListOutcome {

    /**
     * A page of keys that hold a value, in key order.
     *
     * @param next after which key the next page begins, or null if this is the last one
     */
    record Page(List<PageEntry> entries, @Nullable Key next) implements ListOutcome {}

    /** Some partition was answered by fewer than R of its owners. */
    record Unavailable(int answered, int needed) implements ListOutcome {}
}

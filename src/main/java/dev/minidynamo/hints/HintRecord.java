package dev.minidynamo.hints;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.protocol.Request.KeyVersion;

import java.util.List;

/** One record of a target's hint log. */
sealed interface HintRecord {

    /** A hint that was stored at {@code storedMillis} of the wall clock. */
    record Stored(long storedMillis, Key key, Cell cell) implements HintRecord {}

    /**
     * Hints that need no delivery any more: for each key, those of this version and older ones.
     *
     * <p>It names keys and versions, not positions, so that it stays true wherever the hints are
     * moved and whatever is lost around it.
     */
    record Delivered(List<KeyVersion> hints) implements HintRecord {}
}

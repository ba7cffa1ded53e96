package dev.minidynamo.store;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;

/**
 * What memory knows of a key.
 *
 * @param valueBytes the value's length, 0 for a tombstone
 * @param deadSinceMillis as {@link Cell#deadSinceMillis}
 */
public record StoredMeta(
        Key key, Version version, int valueBytes, long deadSinceMillis, boolean tombstone) {}

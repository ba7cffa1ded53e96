package dev.minidynamo.store;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;

/** A key and the cell held for it. */
public record StoredCell(Key key, Cell cell) {}

package dev.minidynamo.store;

import java.util.List;

/**
 * Some of the dead cells.
 *
 * @param nextLeaf the leaf to go on with, or {@link #END}
 */
public record TombstonePage(List<StoredMeta> entries, int nextLeaf) {

    /** There is nothing more. */
    public static final int END = -1;
}

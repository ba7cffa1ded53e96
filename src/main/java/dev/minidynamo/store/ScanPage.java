package dev.minidynamo.store;

import java.util.List;

/**
 * Keys of a prefix in key order, tombstones and expired cells included.
 *
 * @param more whether there are further keys
 */
public record ScanPage(List<StoredMeta> entries, boolean more) {}

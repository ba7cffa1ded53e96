package dev.minidynamo.store;

/**
 * What a hash-tree leaf says about one key.
 *
 * @param token the key's 64-bit token
 * @param timestamp of the version held
 * @param hash of key, version and contents; never 0
 */
public record EntryRef(long token, long timestamp, long hash) {}

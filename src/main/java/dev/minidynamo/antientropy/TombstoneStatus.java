package dev.minidynamo.antientropy;

import java.util.List;

/**
 * Which tombstones this node holds, and what still keeps them, for people.
 *
 * @param graceMillis age that a tombstone must reach
 * @param lastPassMillis wall time of the last pass, 0 before the first
 * @param reaped tombstones and expired cells reaped under this node's lead since the start
 * @param blocked what keeps all of them, or empty: a node that is down or not synchronised
 * @param partitions those with tombstones, the first hundred
 */
public record TombstoneStatus(
        long graceMillis,
        long lastPassMillis,
        long reaped,
        String blocked,
        List<Partition> partitions) {

    /**
     * The tombstones of one partition.
     *
     * @param tombstones how many this node holds, expired cells included
     * @param because what keeps them, in words
     */
    public record Partition(int partition, int tombstones, String because) {}
}

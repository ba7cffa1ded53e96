package dev.minidynamo.sim;

import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * I2 for tombstones: a node makes one where a client asks it to delete, twice at the most for each
 * time (a strict delete that meets something newer is stamped again), or where it buries what has
 * been reaped elsewhere, one tick above it.
 */
final class Deletes {

    private static final int STAMPS = 2;

    private record Writer(Key key, NodeId node) {}

    private final Map<Writer, Integer> asked = new HashMap<>();
    private final Map<Writer, Set<Version>> made = new HashMap<>();

    /** A client asks {@code node} to delete a key. */
    void asked(Key key, NodeId node) {
        asked.merge(new Writer(key, node), 1, Integer::sum);
    }

    /** A tombstone is somewhere in the world. */
    void saw(Key key, Version tombstone, Set<Version> known) {
        Writer writer = new Writer(key, tombstone.writer());
        Set<Version> before = made.computeIfAbsent(writer, w -> new HashSet<>());
        if (before.contains(tombstone) || buries(tombstone, known)) {
            return;
        }
        before.add(tombstone);
        Violation.check(
                before.size() <= STAMPS * asked.getOrDefault(writer, 0),
                "I2",
                () -> "nobody asked for the tombstone " + tombstone + " of " + key);
    }

    private static boolean buries(Version tombstone, Set<Version> known) {
        return known.stream().anyMatch(v -> v.timestamp() == tombstone.timestamp() - 1);
    }
}

package dev.minidynamo.sim;

import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;

import java.util.Map;
import java.util.TreeMap;

/** How many of a key's N replicas are known, from answered requests, to hold which version. */
final class KnownCopies {

    private final int n;
    private final Map<Key, Version[]> held = new TreeMap<>();

    KnownCopies(int n) {
        this.n = n;
    }

    /** So many replicas hold this version, or a newer one. */
    void add(Key key, Version version, int copies) {
        Version[] byCopies = held.computeIfAbsent(key, k -> new Version[n + 1]);
        byCopies[copies] = History.higher(byCopies[copies], version);
    }

    /**
     * The highest version of which any so many replicas hold one copy, since together with its
     * holders they are more than N; null if there is none.
     *
     * @param leastCopies versions with fewer copies are left out
     */
    Version metBy(int replicas, Key key, int leastCopies) {
        Version highest = null;
        Version[] byCopies = held.getOrDefault(key, new Version[n + 1]);
        for (int copies = Math.max(leastCopies, n - replicas + 1); copies <= n; copies++) {
            highest = History.higher(highest, byCopies[copies]);
        }
        return highest;
    }
}

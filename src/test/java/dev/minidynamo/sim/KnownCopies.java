package dev.minidynamo.sim;

import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many of a key's N replicas are known, from answered requests, to hold which version. */
final class KnownCopies {

    private final SimCluster cluster;
    private final Unforced unforced;
    private final int n;

    /** For each number of copies the versions, and when they were known. */
    private final Map<Key, List<TreeMap<Version, Long>>> known = new TreeMap<>();

    KnownCopies(SimCluster cluster, Unforced unforced) {
        this.cluster = cluster;
        this.unforced = unforced;
        this.n = cluster.shape.n();
        for (Key key : cluster.keys) {
            List<TreeMap<Version, Long>> byCopies = new ArrayList<>();
            for (int copies = 0; copies <= n; copies++) {
                byCopies.add(new TreeMap<>());
            }
            known.put(key, byCopies);
        }
    }

    /** So many replicas hold this version, or a newer one. */
    void add(Key key, Version version, int copies) {
        known.get(key).get(copies).putIfAbsent(version, cluster.loop.nowNanos());
    }

    /**
     * The highest version of which any so many replicas hold one copy, since together with its
     * holders they are more than N; null if there is none.
     *
     * @param leastCopies versions with fewer copies are left out
     */
    Version metBy(int replicas, Key key, int leastCopies) {
        Version highest = null;
        int least = Math.max(leastCopies, n - replicas + 1);
        for (int copies = least; copies <= n; copies++) {
            highest = History.higher(highest, highestLeft(key, copies, least));
        }
        return highest;
    }

    private Version highestLeft(Key key, int copies, int least) {
        for (var entry : known.get(key).get(copies).descendingMap().entrySet()) {
            Version version = entry.getKey();
            if (copies - unforced.lostCopies(key, version, entry.getValue()) >= least) {
                return version;
            }
        }
        return null;
    }
}

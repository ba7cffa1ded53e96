package dev.minidynamo.sim;

import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all owners of a key held at one time: its least version, and the newest delete among what
 * that covers. A change of the ring makes other owners, so each ring has its own account.
 */
final class HeldByAll {

    private final SimCluster cluster;
    private final Watch watch;
    private final List<Map<Key, Version>> held = new ArrayList<>();
    private final List<Map<Key, Version>> deleted = new ArrayList<>();

    HeldByAll(SimCluster cluster, Watch watch) {
        this.cluster = cluster;
        this.watch = watch;
    }

    /** The highest version of which all owners on a ring held this or a newer one, or null. */
    Version held(int ring, Key key) {
        return ring < held.size() ? held.get(ring).get(key) : null;
    }

    /** The same of any ring. */
    Version heldOnAnyRing(Key key) {
        return held.stream().map(versions -> versions.get(key)).reduce(null, History::higher);
    }

    /** The newest delete of a key that all its owners on a ring held at one time, or null. */
    Version deleted(int ring, Key key) {
        return ring < deleted.size() ? deleted.get(ring).get(key) : null;
    }

    /** An owner of the key on this ring has taken something in, or forced it. */
    void changed(int ring, Key key) {
        Version least = null;
        for (SimNode owner : cluster.owners(ring, key)) {
            Version version = watch.forcedBy(owner, key);
            if (version == null) {
                return;
            }
            least = least == null || least.isNewerThan(version) ? version : least;
        }
        while (held.size() <= ring) {
            held.add(new TreeMap<>());
            deleted.add(new TreeMap<>());
        }
        held.get(ring).merge(key, least, History::higher);
        for (Version delete : watch.tombstones(key)) {
            if (!delete.isNewerThan(least)) {
                deleted.get(ring).merge(key, delete, History::higher);
            }
        }
    }
}

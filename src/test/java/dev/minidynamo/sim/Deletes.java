package dev.minidynamo.sim;

import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where each tombstone comes from: a client's delete of that key, by the coordinator that stamped
 * it, or a node that was away for longer than the grace and buries what it held (I2, I9).
 *
 * <p>An acknowledged delete names its version. Of one that has no answer, or not enough
 * acknowledgements, there is at most one tombstone; a strict delete may have been stamped twice.
 */
final class Deletes {

    private static final long AGE_SLACK_MILLIS = 1_500;

    private final SimCluster cluster;
    private final Watch watch;
    private final Map<Key, List<Operation>> asked = new TreeMap<>();
    private final Map<Key, TreeSet<Version>> seen = new TreeMap<>();
    private final Map<Key, TreeSet<Version>> buried = new TreeMap<>();

    Deletes(SimCluster cluster, Watch watch) {
        this.cluster = cluster;
        this.watch = watch;
        for (Key key : cluster.keys) {
            asked.put(key, new ArrayList<>());
            seen.put(key, new TreeSet<>());
            buried.put(key, new TreeSet<>());
        }
    }

    /** A client asks for a delete. */
    void asked(Operation delete) {
        asked.get(delete.key).add(delete);
    }

    /** A store took a tombstone in, besides what it ever held before. */
    void took(SimNode node, Key key, Version tombstone) {
        if (seen.get(key).contains(tombstone)) {
            return;
        }
        if (tombstone.writer().equals(node.id) && buries(node, key, tombstone.timestamp() - 1)) {
            buried.get(key).add(tombstone);
        }
        saw(key, tombstone);
    }

    private boolean buries(SimNode node, Key key, long timestamp) {
        Version highest = watch.highestEver(node, key);
        return highest != null
                && watch.versionsHeld(key).stream()
                        .filter(held ->
                                held.timestamp() == timestamp && held.compareTo(highest) <= 0)
                        .anyMatch(held ->
                                watch.ageMillis(held) + AGE_SLACK_MILLIS >= SimOptions.GRACE_MILLIS
                                        || cluster.anyClockWrong);
    }

    /** A tombstone was found in a store, or read. */
    void saw(Key key, Version tombstone) {
        if (seen.get(key).add(tombstone)) {
            check(key);
        }
    }

    /** No more tombstones of a key are in the world than were asked for. */
    void check(Key key) {
        for (SimNode node : cluster.nodes) {
            TreeSet<Version> unexplained = new TreeSet<>(seen.get(key));
            unexplained.removeIf(version -> !version.writer().equals(node.id));
            unexplained.removeAll(buried.get(key));
            int possible = 0;
            for (Operation delete : asked.get(key)) {
                if (delete.request.node() == node.index) {
                    possible += delete.unknownVersions();
                    unexplained.removeIf(version -> version.equals(delete.version()));
                }
            }
            int most = possible;
            Violation.check(
                    unexplained.size() <= most,
                    "I2",
                    () ->
                            "tombstones of "
                                    + key
                                    + " that no client asked for: "
                                    + unexplained
                                    + "; "
                                    + most
                                    + " deletes may have had a version of "
                                    + node.id);
        }
    }
}

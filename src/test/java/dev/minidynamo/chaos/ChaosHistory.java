package dev.minidynamo.chaos;

import org.awaitility.Awaitility;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the clients were told, and whether it fits.
 *
 * <ul>
 *   <li>I2: every value read was written to that key.
 *   <li>I6: a read's version is at least the highest that was acknowledged, or read, before it
 *       began.
 *   <li>I1, I3: in the end every node reads the same, and nothing below what was acknowledged.
 * </ul>
 *
 * Safe for use by many threads.
 */
final class ChaosHistory {

    private static final Duration BOUND = Duration.ofSeconds(60);

    private final Map<String, TreeSet<String>> values = new TreeMap<>();
    private final Map<String, Stamp> highest = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private int nextValue;
    private int acknowledged;
    private int reads;

    /** A version as an ETag tells it. */
    private record Stamp(BigInteger timestamp, String rest) implements Comparable<Stamp> {

        static Stamp of(String etag) {
            String text = etag.replace("\"", "").replace("W/", "");
            int dash = text.indexOf('-');
            return dash < 1
                    ? null
                    : new Stamp(new BigInteger(text.substring(0, dash)), text.substring(dash));
        }

        @Override
        public int compareTo(Stamp other) {
            int order = timestamp.compareTo(other.timestamp);
            return order == 0 ? rest.compareTo(other.rest) : order;
        }
    }

    /** What a read that begins now must at least return. */
    record Floor(String key, Object stamp) {}

    synchronized String newValue(String key) {
        String value = key + "/" + nextValue++;
        values.computeIfAbsent(key, k -> new TreeSet<>()).add(value);
        return value;
    }

    synchronized void written(String key, String etag) {
        acknowledged++;
        Stamp stamp = Stamp.of(etag);
        if (stamp == null) {
            violations.add("an acknowledged write of " + key + " has no version: " + etag);
        } else {
            highest.merge(key, stamp, (a, b) -> a.compareTo(b) >= 0 ? a : b);
        }
    }

    synchronized Floor floor(String key) {
        return new Floor(key, highest.get(key));
    }

    synchronized void read(Floor floor, String value, String etag) {
        reads++;
        Stamp least = (Stamp) floor.stamp();
        Stamp stamp = Stamp.of(etag);
        if (value != null && !values.getOrDefault(floor.key(), new TreeSet<>()).contains(value)) {
            violations.add("I2: " + value + " was never written to " + floor.key());
        }
        if (stamp != null && least != null && stamp.compareTo(least) < 0) {
            violations.add("I6: " + floor.key() + " read at " + stamp + ", below " + least);
        }
        if (stamp == null && value != null) {
            violations.add("a value of " + floor.key() + " was read without a version");
        }
        if (stamp != null) {
            highest.merge(floor.key(), stamp, (a, b) -> a.compareTo(b) >= 0 ? a : b);
        }
    }

    /** Reads every key at every node once more, when all is well again. */
    void finish(ProcessCluster cluster) {
        for (String key : keys()) {
            for (int i = 0; i < cluster.size(); i++) {
                int node = i;
                Awaitility.await("a read of " + key + " at node " + node)
                        .atMost(BOUND)
                        .until(() -> ChaosClient.get(cluster, this, node, key));
            }
        }
    }

    private synchronized List<String> keys() {
        return List.copyOf(values.keySet());
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    synchronized int acknowledged() {
        return acknowledged;
    }

    synchronized String summary() {
        return acknowledged + " acknowledged writes, " + reads + " reads";
    }
}

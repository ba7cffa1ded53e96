package dev.minidynamo.chaos;

import org.awaitility.Awaitility;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the clients were told, and whether it fits.
 *
 * <ul>
 *   <li>I2: every value read was written to that key, and every tombstone was asked for: it is that
 *       of an acknowledged delete of the key, or there is a delete of it by the same coordinator of
 *       whose version no client was told.
 *   <li>I6: a strict read's version, be it of a value or of a tombstone, is at least the highest
 *       that was acknowledged to a strict client, or read by one, before it began.
 *   <li>I8: the same version of a key always has the same value.
 *   <li>I9: what a rejected write wrote is never read.
 *   <li>I1, I3: in the end every node reads the same, and nothing below what was acknowledged.
 * </ul>
 *
 * Safe for use by many threads.
 */
final class ChaosHistory {

    private static final Duration BOUND = Duration.ofSeconds(60);

    private final Map<String, Register> registers = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private int nextValue;
    private int acknowledged;
    private int unknown;
    private int rejected;
    private int values;
    private int nothings;

    /** A version as an ETag tells it. */
    private record Stamp(BigInteger timestamp, String rest) implements Comparable<Stamp> {

        static Stamp of(String etag) {
            String text = etag.replace("\"", "").replace("W/", "");
            int dash = text.indexOf('-');
            return dash < 1
                    ? null
                    : new Stamp(new BigInteger(text.substring(0, dash)), text.substring(dash));
        }

        boolean isBy(int node) {
            return rest.startsWith("-n" + (node + 1) + "-");
        }

        boolean hasWriterOf(Stamp other) {
            return rest.substring(0, rest.lastIndexOf('-'))
                    .equals(other.rest.substring(0, other.rest.lastIndexOf('-')));
        }

        static Stamp higher(Stamp a, Stamp b) {
            return a == null || (b != null && b.compareTo(a) > 0) ? b : a;
        }

        @Override
        public int compareTo(Stamp other) {
            int order = timestamp.compareTo(other.timestamp);
            return order == 0 ? rest.compareTo(other.rest) : order;
        }
    }

    /** What is known of a key. */
    private static final class Register {

        private final Map<String, Write> writes = new HashMap<>();
        private final Map<Stamp, String> contents = new HashMap<>();
        private Stamp floor;
        private Stamp acknowledged;
        private final List<Write> deletes = new ArrayList<>();

        /** Tombstones by their versions, other than those of acknowledged deletes. */
        private final Set<Stamp> unexplained = new TreeSet<>();
    }

    /** A put, or a delete if {@code value} is null. */
    static final class Write {

        private final String key;
        private final String value;
        private final int node;
        private final boolean strict;
        private boolean rejected;
        private Stamp stamp;

        private Write(String key, String value, int node, boolean strict) {
            this.key = key;
            this.value = value;
            this.node = node;
            this.strict = strict;
        }

        /** How many versions it may have that no answer names; a strict one is stamped twice. */
        private int unknownVersions() {
            int stamped = strict ? 2 : 1;
            return rejected ? 0 : stamp == null ? stamped : stamped - 1;
        }

        String value() {
            return value;
        }
    }

    /** What a read that begins now must at least return. */
    record Floor(String key, Object stamp) {}

    synchronized Write put(String key, int node, boolean strict) {
        Write write = new Write(key, key + "/" + nextValue++, node, strict);
        register(key).writes.put(write.value, write);
        return write;
    }

    synchronized Write delete(String key, int node, boolean strict) {
        Write write = new Write(key, null, node, strict);
        register(key).deletes.add(write);
        return write;
    }

    private Register register(String key) {
        return registers.computeIfAbsent(key, k -> new Register());
    }

    synchronized void written(Write write, String etag) {
        acknowledged++;
        Register register = register(write.key);
        Stamp stamp = Stamp.of(etag);
        if (stamp == null) {
            violations.add("an acknowledged write of " + write.key + " has no version: " + etag);
            return;
        }
        write.stamp = stamp;
        register.unexplained.remove(stamp);
        sameContents(write.key, stamp, write.value);
        register.acknowledged = Stamp.higher(register.acknowledged, stamp);
        if (write.strict) {
            register.floor = Stamp.higher(register.floor, stamp);
        }
    }

    /** The write was refused before it was sent to any replica, or never reached its node. */
    synchronized void rejected(Write write) {
        rejected++;
        write.rejected = true;
    }

    /** Nobody knows whether the write is stored. */
    synchronized void unknown() {
        unknown++;
    }

    /** What a strict read must return that begins now; a sloppy one may return anything. */
    synchronized Floor floor(String key, boolean strict) {
        return new Floor(key, strict ? register(key).floor : null);
    }

    /** A read found a value, or a tombstone if there is none; the version is null for nothing. */
    synchronized void read(Floor floor, String value, String version) {
        Register register = register(floor.key());
        Stamp least = (Stamp) floor.stamp();
        Stamp stamp = version == null ? null : Stamp.of(version);
        values += value == null ? 0 : 1;
        nothings += value == null ? 1 : 0;
        if (stamp != null) {
            sameContents(floor.key(), stamp, value);
        } else if (value != null) {
            violations.add("a value of " + floor.key() + " was read without a version");
        }
        if (value != null) {
            wasWritten(register, floor.key(), value);
        } else if (stamp != null) {
            wasDeleted(register, floor.key(), stamp);
        }
        if (least != null && !Stamp.higher(least, stamp).equals(stamp)) {
            violations.add("I6: " + floor.key() + " read at " + stamp + ", below " + least);
        }
    }

    /** What a strict client has read, no later strict read may fall below. */
    synchronized void readStrictly(String key, String version) {
        Register register = register(key);
        register.floor = Stamp.higher(register.floor, Stamp.of(version));
    }

    private void wasWritten(Register register, String key, String value) {
        Write source = register.writes.get(value);
        if (source == null) {
            violations.add("I2: " + value + " was never written to " + key);
        } else if (source.rejected) {
            violations.add("I9: " + value + " was rejected, and is read");
        }
    }

    private void wasDeleted(Register register, String key, Stamp stamp) {
        if (register.deletes.stream().noneMatch(delete -> stamp.equals(delete.stamp))) {
            register.unexplained.add(stamp);
        }
        for (Stamp one : register.unexplained) {
            long alike = register.unexplained.stream().filter(one::hasWriterOf).count();
            int possible =
                    register.deletes.stream()
                            .filter(delete -> one.isBy(delete.node))
                            .mapToInt(Write::unknownVersions)
                            .sum();
            if (alike > possible) {
                violations.add("I2: nobody deleted " + key + " at " + one);
            }
        }
    }

    private void sameContents(String key, Stamp stamp, String value) {
        String now = value == null ? "" : value;
        String first = register(key).contents.putIfAbsent(stamp, now);
        if (first != null && !first.equals(now)) {
            violations.add("I8: " + stamp + " of " + key + " is " + first + " and " + now);
        }
    }

    /** Reads every key at every node once more, when all is well again. */
    void finish(ProcessCluster cluster) {
        for (String key : keys()) {
            for (int i = 0; i < cluster.size(); i++) {
                int node = i;
                Awaitility.await("a read of all acknowledged of " + key + " at node " + node)
                        .atMost(BOUND)
                        .until(() -> readsAll(cluster, node, key));
            }
        }
    }

    private boolean readsAll(ProcessCluster cluster, int node, String key) {
        ChaosClient.Answer answer = ChaosClient.get(cluster, this, node, key, true);
        return answer != null && isAll(key, answer);
    }

    private synchronized boolean isAll(String key, ChaosClient.Answer answer) {
        Stamp stamp = answer.version() == null ? null : Stamp.of(answer.version());
        Stamp least = register(key).acknowledged;
        return least == null || Stamp.higher(least, stamp).equals(stamp);
    }

    private synchronized List<String> keys() {
        return List.copyOf(registers.keySet());
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    synchronized int acknowledged() {
        return acknowledged;
    }

    synchronized String summary() {
        return "%d writes acknowledged, %d unknown, %d rejected; %d values and %d times nothing read; %d violations"
                .formatted(acknowledged, unknown, rejected, values, nothings, violations.size());
    }
}

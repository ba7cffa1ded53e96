package dev.minidynamo.chaos;

import org.awaitility.Awaitility;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the clients were told, and whether it fits.
 *
 * <ul>
 *   <li>I2: every value read was written to that key.
 *   <li>I6: a strict read's version is at least the highest that was acknowledged to a strict
 *       client, or read by one, before it began; it finds nothing only if a delete may be as new.
 *   <li>I8: the same version of a key always has the same value.
 *   <li>I9: what a rejected write wrote is never read.
 *   <li>I1, I3: in the end every node reads the same, and nothing below what was acknowledged.
 * </ul>
 *
 * Safe for use by many threads.
 */
final class ChaosHistory {

    private static final Duration BOUND = Duration.ofSeconds(60);

    /** How far the timestamp of a write may be from the time at which a client saw it end. */
    private static final BigInteger SLACK = BigInteger.valueOf(15_000).shiftLeft(16);

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
        private Stamp deleted;
        private BigInteger mayBeDeletedUntil = BigInteger.ZERO;
        private int openDeletes;

        boolean mayBeNothing(Stamp least) {
            return least == null
                    || openDeletes > 0
                    || Stamp.higher(least, deleted).equals(deleted)
                    || mayBeDeletedUntil.compareTo(least.timestamp) >= 0;
        }
    }

    /** A put, or a delete if {@code value} is null. */
    static final class Write {

        private final String key;
        private final String value;
        private final boolean strict;
        private boolean rejected;

        private Write(String key, String value, boolean strict) {
            this.key = key;
            this.value = value;
            this.strict = strict;
        }

        String value() {
            return value;
        }
    }

    /** What a read that begins now must at least return. */
    record Floor(String key, Object stamp) {}

    synchronized Write put(String key, boolean strict) {
        Write write = new Write(key, key + "/" + nextValue++, strict);
        register(key).writes.put(write.value, write);
        return write;
    }

    synchronized Write delete(String key, boolean strict) {
        register(key).openDeletes++;
        return new Write(key, null, strict);
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
        sameContents(write.key, stamp, write.value);
        register.acknowledged = Stamp.higher(register.acknowledged, stamp);
        if (write.strict) {
            register.floor = Stamp.higher(register.floor, stamp);
        }
        if (write.value == null) {
            register.openDeletes--;
            register.deleted = Stamp.higher(register.deleted, stamp);
        }
    }

    /** The write was refused before it was sent to any replica. */
    synchronized void rejected(Write write) {
        rejected++;
        write.rejected = true;
        if (write.value == null) {
            register(write.key).openDeletes--;
        }
    }

    /** Nobody knows whether the write is stored. */
    synchronized void unknown(Write write) {
        unknown++;
        if (write.value == null) {
            Register register = register(write.key);
            register.openDeletes--;
            BigInteger now = BigInteger.valueOf(System.currentTimeMillis()).shiftLeft(16);
            register.mayBeDeletedUntil = register.mayBeDeletedUntil.max(now.add(SLACK));
        }
    }

    /** What a strict read must return that begins now; a sloppy one may return anything. */
    synchronized Floor floor(String key, boolean strict) {
        return new Floor(key, strict ? register(key).floor : null);
    }

    synchronized void read(Floor floor, String value, String etag) {
        Register register = register(floor.key());
        Stamp least = (Stamp) floor.stamp();
        if (value == null) {
            nothings++;
            if (!register.mayBeNothing(least)) {
                violations.add("I6: nothing is read of " + floor.key() + ", below " + least);
            }
            return;
        }
        values++;
        Stamp stamp = Stamp.of(etag);
        if (stamp == null) {
            violations.add("a value of " + floor.key() + " was read without a version");
            return;
        }
        wasWritten(register, floor.key(), value);
        sameContents(floor.key(), stamp, value);
        if (least != null && stamp.compareTo(least) < 0) {
            violations.add("I6: " + floor.key() + " read at " + stamp + ", below " + least);
        }
    }

    /** What a strict client has read, no later strict read may fall below. */
    synchronized void readStrictly(String key, String etag) {
        Register register = register(key);
        register.floor = Stamp.higher(register.floor, Stamp.of(etag));
    }

    private void wasWritten(Register register, String key, String value) {
        Write source = register.writes.get(value);
        if (source == null) {
            violations.add("I2: " + value + " was never written to " + key);
        } else if (source.rejected) {
            violations.add("I9: " + value + " was rejected, and is read");
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
        Register register = register(key);
        Stamp stamp = Stamp.of(answer.etag());
        return answer.value() == null
                ? register.mayBeNothing(register.acknowledged)
                : Stamp.higher(register.acknowledged, stamp).equals(stamp);
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

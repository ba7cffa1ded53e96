package dev.minidynamo.sim;

import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;
import dev.minidynamo.node.Node;
import dev.minidynamo.protocol.Request;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * I12: what a store shows, or a replica acknowledges, is on the durable image of its disk; with
 * {@code sync=interval(T)} as soon as {@link Unforced} says so.
 *
 * <p>Exempt is a node whose disk misdirected a write and did not say so, and what was found durable
 * before its disk was damaged.
 */
final class Durability {

    private final Unforced unforced;
    private final List<Set<Version>> shownBeforeDamage = new ArrayList<>();
    private final BitSet damaged = new BitSet();
    private final BitSet misdirected = new BitSet();

    Durability(SimCluster cluster) {
        this.unforced = new Unforced(cluster, this);
        for (int i = 0; i < cluster.shape.nodes(); i++) {
            shownBeforeDamage.add(new TreeSet<>());
        }
    }

    Unforced unforced() {
        return unforced;
    }

    // ---- what happens

    /** The disk of a node was destroyed; of what it holds, this was durable before. */
    void destroyed(SimNode node, Collection<Version> shownBefore) {
        damaged.set(node.index);
        shownBeforeDamage.get(node.index).clear();
        shownBeforeDamage.get(node.index).addAll(shownBefore);
    }

    void misdirected(SimNode node) {
        misdirected.set(node.index);
    }

    // ---- what must hold

    void shows(SimNode node, Key key, Version version) {
        if (unforced.possible()) {
            unforced.shows(node, key, version);
            return;
        }
        Violation.check(
                isDurable(node, version, false),
                "I12",
                () -> node.id + " shows " + version + " of " + key + ", which is not durable");
    }

    void acknowledged(SimNode node, Request.Write write) {
        Version version = write.cell().version();
        Node running = node.opened();
        Version shown = running == null ? null : running.store().version(write.key());
        Violation.check(
                shown != null
                        && shown.compareTo(version) >= 0
                        && (shown.isNewerThan(version)
                                || unforced.possible()
                                || isDurable(node, version, false)),
                "I12",
                () -> node.id + " acknowledged what is not durable: " + write);
    }

    void hintAcknowledged(SimNode node, Request.Write write) {
        Node running = node.opened();
        Version version = write.cell().version();
        boolean newer =
                running != null
                        && running.hints().heldFor(write.key()).stream()
                                .anyMatch(h ->
                                        h.version().isNewerThan(version)
                                                || (unforced.possible()
                                                        && h.version().equals(version)));
        Violation.check(
                newer || isDurable(node, version, true),
                "I12",
                () -> node.id + " acknowledged a hint that is not durable: " + write);
    }

    boolean isDurable(SimNode node, Version version, boolean asHint) {
        return misdirected.get(node.index)
                || (!asHint && wasBeforeDamage(node, version))
                || (asHint
                        ? node.disk().durablyHolds("hints/", inHint(version))
                        : node.disk().durablyHolds("kv/", inRecord(version)));
    }

    /** Of a segment that is gone, the snapshot of the index tells some of what it held. */
    private boolean wasBeforeDamage(SimNode node, Version version) {
        return shownBeforeDamage.get(node.index).contains(version)
                || (damaged.get(node.index)
                        && node.disk().durablyHolds("kv/snapshot", timestamp(version)));
    }

    private static byte[] timestamp(Version version) {
        return ByteBuffer.allocate(8).putLong(version.timestamp()).array();
    }

    /** The version in a record of the store; the hints' records differ. */
    private static byte[] inRecord(Version version) {
        byte[] writer = version.writer().value().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(9 + writer.length + 4);
        long millis = version.wallMillis();
        out.putShort((short) (millis >>> 32)).putInt((int) millis);
        int rest = (int) version.timestamp() & 0xffff;
        while (rest >= 0x80) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest).put(writer).putInt(version.incarnation());
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] inHint(Version version) {
        ByteBuffer out = ByteBuffer.allocate(12).putLong(version.timestamp());
        return out.putInt(version.incarnation()).array();
    }
}

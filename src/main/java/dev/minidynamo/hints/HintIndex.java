package dev.minidynamo.hints;

import dev.minidynamo.hints.Hint.State;
import dev.minidynamo.model.Key;
import dev.minidynamo.wal.LogPosition;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The hints of one target: for each key the newest, in the order in which they were stored.
 *
 * <p>While a newer hint is on its way to the disk it stands before the durable one, which stays
 * until the newer is durable too, or comes back if that fails. It also knows how much of each log
 * segment is still needed.
 */
final class HintIndex {

    private final Map<Key, Hint> newest = new LinkedHashMap<>();
    private final TreeMap<Long, Use> segments = new TreeMap<>();
    private long bytes;
    private long pendingBytes;

    /** What is still needed of a segment. */
    private static final class Use {
        private long hints;
        private long bytes;
    }

    int count() {
        return newest.size();
    }

    long bytes() {
        return bytes;
    }

    /** Bytes of the hints that are not durable yet. */
    long pendingBytes() {
        return pendingBytes;
    }

    @Nullable Hint get(Key key) {
        return newest.get(key);
    }

    /** The newest durable hint of a key. */
    @Nullable Hint durable(Key key) {
        Hint hint = newest.get(key);
        while (hint != null && !hint.durable()) {
            hint = hint.older;
        }
        return hint;
    }

    /** The hint that was stored first of those held, or null. */
    @Nullable Hint oldest() {
        return newest.isEmpty() ? null : newest.values().iterator().next();
    }

    List<Hint> all() {
        return new ArrayList<>(newest.values());
    }

    /** Puts a hint that is not durable yet before the older one of its key. */
    void add(Hint hint) {
        hint.older = newest.remove(hint.key);
        newest.put(hint.key, hint);
        bytes += hint.recordBytes;
        pendingBytes += hint.recordBytes;
    }

    /** Takes note that a hint lies durably at {@code position}; older ones of its key are gone. */
    void durable(Hint hint, long position, int frameBytes) {
        if (hint.state == State.GONE) {
            return;
        }
        pendingBytes -= hint.recordBytes;
        hint.position = position;
        hint.frameBytes = frameBytes;
        hint.state = State.WAITING;
        use(hint, 1);
        for (Hint older = hint.older; older != null; older = older.older) {
            gone(older);
        }
        hint.older = null;
    }

    /** Takes a hint out: delivered, expired, lost, or not written. */
    void remove(Hint hint) {
        if (hint.state == State.GONE) {
            return;
        }
        Hint top = newest.get(hint.key);
        if (top == hint) {
            newest.remove(hint.key);
            if (hint.older != null) {
                newest.put(hint.key, hint.older);
            }
        } else {
            for (Hint at = top; at != null; at = at.older) {
                if (at.older == hint) {
                    at.older = hint.older;
                }
            }
        }
        gone(hint);
    }

    /** Takes note that a hint's record now lies elsewhere in the log. */
    void moved(Hint hint, long position, int frameBytes) {
        use(hint, -1);
        hint.position = position;
        hint.frameBytes = frameBytes;
        use(hint, 1);
    }

    /** Bytes of records in the log that are still needed. */
    long neededBytes() {
        return segments.values().stream().mapToLong(use -> use.bytes).sum();
    }

    /** The first segment with a hint that is still needed, or {@link Long#MAX_VALUE}. */
    long firstNeededSegment() {
        return segments.isEmpty() ? Long.MAX_VALUE : segments.firstKey();
    }

    /** The durable hints whose records lie in a segment. */
    List<Hint> inSegment(long segment) {
        List<Hint> list = new ArrayList<>();
        for (Hint hint : newest.values()) {
            for (Hint each = hint; each != null; each = each.older) {
                if (each.durable() && LogPosition.segment(each.position) == segment) {
                    list.add(each);
                }
            }
        }
        return list;
    }

    private void gone(Hint hint) {
        hint.state = State.GONE;
        bytes -= hint.recordBytes;
        if (hint.durable()) {
            use(hint, -1);
        } else {
            pendingBytes -= hint.recordBytes;
        }
    }

    private void use(Hint hint, int sign) {
        long segment = LogPosition.segment(hint.position);
        Use use = segments.computeIfAbsent(segment, s -> new Use());
        use.hints += sign;
        use.bytes += (long) sign * hint.frameBytes;
        if (use.hints == 0) {
            segments.remove(segment);
        }
    }
}

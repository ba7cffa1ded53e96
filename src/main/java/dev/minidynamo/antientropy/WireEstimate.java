package dev.minidynamo.antientropy;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;

/**
 * About how many bytes a message of anti-entropy has on the wire, without the envelope of its
 * batch.
 *
 * <p>It bounds what is under way and feeds the status; the exact form is the codec's matter.
 */
final class WireEstimate {

    private static final int HASH = 8;
    private static final int LEAF_ENTRY = 24;
    private static final int OVERHEAD = 24;

    private WireEstimate() {}

    static long of(Request request) {
        return switch (request) {
            case Request.TreeHashes hashes -> 4L * hashes.indexes().size() + 8;
            case Request.LeafList leaves -> 4L * leaves.leaves().size() + 8;
            case Request.Fetch fetch -> (long) HASH * fetch.tokens().size() + 8;
            case Request.Write write -> of(write.key(), write.cell());
            default -> OVERHEAD;
        };
    }

    static long of(Reply reply) {
        return switch (reply) {
            case Reply.Hashes hashes -> (long) HASH * hashes.hashes().size() + 8;
            case Reply.LeafEntries entries -> (long) LEAF_ENTRY * entries.entries().size() + 8;
            case Reply.Cells cells ->
                    cells.cells().stream().mapToLong(c -> of(c.key(), c.cell())).sum();
            default -> 8;
        };
    }

    static long of(Key key, Cell cell) {
        long value =
                cell instanceof Cell.Live live
                        ? live.value().length + live.contentType().length()
                        : 0;
        return OVERHEAD + key.bytes().length + value;
    }
}

package dev.minidynamo.api;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.DataMark;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.RequestHandler;
import dev.minidynamo.version.CellMerge;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A replica that keeps its cells in memory, for tests of what stands before it. */
final class MemoryReplica implements RequestHandler {

    final TreeMap<Key, Cell> cells = new TreeMap<>();

    /** Answers everything, if set. */
    volatile @Nullable Reply always;

    /** Leaves everything unanswered, if set. */
    volatile boolean silent;

    @Override
    public void handle(NodeId from, Request request, Consumer<Reply> onReply) {
        Reply fixed = always;
        if (!silent) {
            onReply.accept(fixed == null ? answer(request) : fixed);
        }
    }

    private Reply answer(Request request) {
        return switch (request) {
            case Request.Write write -> {
                cells.merge(write.key(), write.cell(), CellMerge::merge);
                yield new Reply.Written();
            }
            case Request.Read read -> {
                Cell cell = cells.get(read.key());
                yield cell == null ? new Reply.Missing() : new Reply.Found(cell);
            }
            case Request.Ping _ -> new Reply.Pong(0, true, -1, DataMark.NONE);
            case Request.Scan scan -> page(scan);
            default -> new Reply.Refused(Reply.Reason.UNSUPPORTED, "not in this test");
        };
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private Reply.Page page(Request.Scan scan) {
        List<Reply.PageEntry> entries = new ArrayList<>();
        for (var entry : cells.entrySet()) {
            boolean wanted =
                    text(entry.getKey().bytes()).startsWith(text(scan.prefix()))
                            && (scan.after() == null || entry.getKey().compareTo(scan.after()) > 0);
            if (wanted && entries.size() == scan.limit()) {
                return new Reply.Page(entries, true);
            }
            if (wanted) {
                Cell cell = entry.getValue();
                int bytes = cell instanceof Cell.Live live ? live.value().length : 0;
                entries.add(
                        new Reply.PageEntry(
                                entry.getKey(), cell.version(), bytes, cell.deadSinceMillis()));
            }
        }
        return new Reply.Page(entries, false);
    }
}

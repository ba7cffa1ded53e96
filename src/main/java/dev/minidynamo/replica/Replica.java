package dev.minidynamo.replica;

import dev.minidynamo.hints.HintManager;
import dev.minidynamo.hints.HintResult;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.RequestHandler;
import dev.minidynamo.store.ApplyResult;
import dev.minidynamo.store.ReadResult;
import dev.minidynamo.store.ScanPage;
import dev.minidynamo.store.StoredMeta;
import dev.minidynamo.store.WalStore;
import dev.minidynamo.version.CellMerge;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * A replica: carries out reads, writes and listings on the local store and hints, for its peers and
 * for the own coordinator alike.
 *
 * <p>A timestamp that is too far ahead of the majority's time is refused, whoever brings it: one
 * cell from the far future would hide every later write of its key (promise P8).
 */
public class Replica implements RequestHandler {

    private final WalStore store;
    private final HintManager hints;
    private final BooleanSupplier synchronised;
    private final Predicate<Key> complete;
    private final LongSupplier clusterMillis;
    private final long maxDriftMillis;

    /**
     * A replica over the local store and hints.
     *
     * @param synchronised whether the store may list its keys (promises P7 and P13)
     * @param complete whether it may answer reads of a key (promises P5, P7 and P13)
     * @param clusterMillis the majority's wall-clock time
     * @param maxDriftMillis how far ahead of it a timestamp may be
     */
    public Replica(
            WalStore store,
            HintManager hints,
            BooleanSupplier synchronised,
            Predicate<Key> complete,
            LongSupplier clusterMillis,
            long maxDriftMillis) {
        this.store = store;
        this.hints = hints;
        this.synchronised = synchronised;
        this.complete = complete;
        this.clusterMillis = clusterMillis;
        this.maxDriftMillis = maxDriftMillis;
    }

    @Override
    public void handle(NodeId from, Request request, Consumer<Reply> onReply) {
        switch (request) {
            case Request.Write write -> write(write, onReply);
            case Request.Read read -> onReply.accept(read(read));
            case Request.Scan scan -> scan(scan, onReply);
            case Request.Inspect(Key key) -> onReply.accept(inspect(key));
            default ->
                    onReply.accept(
                            new Reply.Refused(Reply.Reason.UNSUPPORTED, "not for a replica"));
        }
    }

    private void write(Request.Write write, Consumer<Reply> onReply) {
        long ahead = write.cell().version().wallMillis() - clusterMillis.getAsLong();
        if (ahead > maxDriftMillis) {
            onReply.accept(
                    new Reply.Refused(
                            Reply.Reason.CLOCK_AHEAD,
                            "the timestamp is "
                                    + ahead
                                    + " ms ahead of the majority's clocks; at most "
                                    + maxDriftMillis
                                    + " ms are allowed"));
        } else if (write.hintFor() == null) {
            store.apply(
                    write.key(),
                    write.cell(),
                    result -> onceLasting(write, () -> onReply.accept(toReply(result))));
        } else {
            hints.store(
                    write.hintFor(),
                    write.key(),
                    write.cell(),
                    result -> onReply.accept(toReply(result)));
        }
    }

    /** Whoever hands over a copy drops its own, so the copy here is forced first (P1). */
    private void onceLasting(Request.Write write, Runnable reply) {
        switch (write.cause()) {
            case HINT, ANTI_ENTROPY -> store.whenForced(reply);
            case CLIENT, READ_REPAIR -> reply.run();
        }
    }

    private static Reply toReply(ApplyResult result) {
        return switch (result) {
            case ApplyResult.Applied() -> new Reply.Written();
            case ApplyResult.Superseded(Version current) -> new Reply.Superseded(current);
            case ApplyResult.DiskFull(String detail) ->
                    new Reply.Refused(Reply.Reason.DISK_FULL, detail);
            case ApplyResult.Overloaded(String detail) ->
                    new Reply.Refused(Reply.Reason.OVERLOADED, detail);
        };
    }

    private static Reply toReply(HintResult result) {
        return switch (result) {
            case HintResult.Stored() -> new Reply.Written();
            case HintResult.Overflowed() ->
                    new Reply.Refused(
                            Reply.Reason.OVERLOADED, "the target's hints are at their bound");
            case HintResult.DiskFull(String detail) ->
                    new Reply.Refused(Reply.Reason.DISK_FULL, detail);
        };
    }

    private Reply read(Request.Read read) {
        Cell hinted = read.hints() ? hints.find(read.key()) : null;
        if (!complete.test(read.key())) {
            boolean outdated = hinted == null || isNewerHere(read.key(), hinted.version());
            return outdated ? notSynchronised() : toReply(hinted, read.known());
        }
        if (hinted == null && read.known() != null && store.holds(read.key(), read.known())) {
            return new Reply.Same();
        }
        return switch (store.read(read.key())) {
            case ReadResult.Damaged() ->
                    new Reply.Refused(Reply.Reason.UNREADABLE, "the record is damaged");
            case ReadResult.Missing() -> toReply(hinted, read.known());
            case ReadResult.Found(Cell cell) ->
                    toReply(hinted == null ? cell : CellMerge.merge(cell, hinted), read.known());
        };
    }

    private boolean isNewerHere(Key key, Version version) {
        StoredMeta held = store.meta(key);
        return held != null && held.version().isNewerThan(version);
    }

    private static Reply toReply(@Nullable Cell cell, @Nullable Version known) {
        if (cell == null) {
            return new Reply.Missing();
        }
        return cell.version().equals(known) ? new Reply.Same() : new Reply.Found(cell);
    }

    private static Reply notSynchronised() {
        return new Reply.Refused(
                Reply.Reason.NOT_SYNCHRONISED, "this replica has not caught up yet");
    }

    private void scan(Request.Scan scan, Consumer<Reply> onReply) {
        if (!synchronised.getAsBoolean()) {
            onReply.accept(notSynchronised());
            return;
        }
        store.scan(
                scan.prefix(), scan.after(), scan.limit(), page -> onReply.accept(toReply(page)));
    }

    private static Reply toReply(ScanPage page) {
        List<Reply.PageEntry> entries = new ArrayList<>(page.entries().size());
        page.entries().forEach(meta -> entries.add(toEntry(meta)));
        return new Reply.Page(entries, page.more());
    }

    private Reply inspect(Key key) {
        StoredMeta meta = store.meta(key);
        return new Reply.Inspected(
                meta == null ? null : toEntry(meta),
                meta != null && meta.tombstone(),
                hints.heldFor(key));
    }

    private static Reply.PageEntry toEntry(StoredMeta meta) {
        return new Reply.PageEntry(
                meta.key(), meta.version(), meta.valueBytes(), meta.deadSinceMillis());
    }
}

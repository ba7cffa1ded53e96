package dev.minidynamo.protocol;

import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Reply.HeldHint;
import dev.minidynamo.protocol.Reply.KeyCell;
import dev.minidynamo.protocol.Reply.LeafEntry;
import dev.minidynamo.protocol.Reply.PageEntry;
import dev.minidynamo.protocol.Reply.Reason;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The binary form of one reply: a code of one byte, then its fields. */
final class ReplyCodec {

    private static final int WRITTEN = 1;
    private static final int SUPERSEDED = 2;
    private static final int FOUND = 3;
    private static final int SAME = 4;
    private static final int MISSING = 5;
    private static final int REFUSED = 6;
    private static final int PONG = 7;
    private static final int HASHES = 8;
    private static final int LEAF_ENTRIES = 9;
    private static final int CELLS = 10;
    private static final int CONFIRMED = 11;
    private static final int DONE = 12;
    private static final int PAGE = 13;
    private static final int INSPECTED = 14;

    private static final Reason[] REASONS = Reason.values();
    private static final Reply.Written WRITTEN_REPLY = new Reply.Written();
    private static final Reply.Same SAME_REPLY = new Reply.Same();
    private static final Reply.Missing MISSING_REPLY = new Reply.Missing();
    private static final Reply.Done DONE_REPLY = new Reply.Done();

    private final CellCodec cells;

    ReplyCodec(CellCodec cells) {
        this.cells = cells;
    }

    void write(WireWriter out, Reply reply) {
        switch (reply) {
            case Reply.Written _ -> out.u8(WRITTEN);
            case Reply.Superseded superseded ->
                    cells.writeVersion(out.u8(SUPERSEDED), superseded.current());
            case Reply.Found found -> cells.writeCell(out.u8(FOUND), found.cell());
            case Reply.Same _ -> out.u8(SAME);
            case Reply.Missing _ -> out.u8(MISSING);
            case Reply.Refused refused ->
                    out.u8(REFUSED).u8(refused.reason().ordinal()).text16(refused.detail());
            case Reply.Failed _ ->
                    throw new IllegalArgumentException("a failed request has no answer to send");
            case Reply.Pong pong ->
                    cells.writeMark(
                            out.u8(PONG)
                                    .i64(pong.wallMillis())
                                    .flag(pong.synchronised())
                                    .i64(pong.blankMillisAgo()),
                            pong.markSeen());
            case Reply.Hashes hashes -> {
                out.u8(HASHES).i32(hashes.hashes().size());
                hashes.hashes().forEach(out::i64);
            }
            case Reply.LeafEntries leaf -> writeLeafEntries(out, leaf.entries());
            case Reply.Cells list -> writeCells(out, list.cells());
            case Reply.Confirmed confirmed -> {
                out.u8(CONFIRMED).i32(confirmed.confirmed().size());
                confirmed.confirmed().forEach(out::flag);
            }
            case Reply.Done _ -> out.u8(DONE);
            case Reply.Page page -> writePage(out, page);
            case Reply.Inspected inspected -> writeInspected(out, inspected);
        }
    }

    Reply read(WireReader in) throws MalformedMessageException {
        int code = in.u8();
        return switch (code) {
            case WRITTEN -> WRITTEN_REPLY;
            case SUPERSEDED -> new Reply.Superseded(cells.readVersion(in));
            case FOUND -> new Reply.Found(cells.readCell(in));
            case SAME -> SAME_REPLY;
            case MISSING -> MISSING_REPLY;
            case REFUSED -> new Reply.Refused(in.choice(REASONS), readText(in));
            case PONG -> new Reply.Pong(in.i64(), in.flag(), in.i64(), cells.readMark(in));
            case HASHES -> new Reply.Hashes(RequestCodec.readLongs(in));
            case LEAF_ENTRIES -> readLeafEntries(in);
            case CELLS -> readCells(in);
            case CONFIRMED -> readConfirmed(in);
            case DONE -> DONE_REPLY;
            case PAGE -> readPage(in);
            case INSPECTED -> readInspected(in);
            default -> throw in.malformed("the reply code " + code + " is unknown");
        };
    }

    static String readText(WireReader in) throws MalformedMessageException {
        return new String(in.bytes16(), StandardCharsets.UTF_8);
    }

    private static void writeLeafEntries(WireWriter out, List<LeafEntry> entries) {
        out.u8(LEAF_ENTRIES).i32(entries.size());
        for (LeafEntry entry : entries) {
            out.i64(entry.token()).i64(entry.timestamp()).i64(entry.hash());
        }
    }

    private static Reply readLeafEntries(WireReader in) throws MalformedMessageException {
        int count = in.count(24);
        List<LeafEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(new LeafEntry(in.i64(), in.i64(), in.i64()));
        }
        return new Reply.LeafEntries(entries);
    }

    private void writeCells(WireWriter out, List<KeyCell> list) {
        out.u8(CELLS).i32(list.size());
        for (KeyCell item : list) {
            cells.writeKey(out, item.key());
            cells.writeCell(out, item.cell());
        }
    }

    private Reply readCells(WireReader in) throws MalformedMessageException {
        int count = in.count(CellCodec.MIN_KEY_BYTES + 1 + CellCodec.MIN_VERSION_BYTES);
        List<KeyCell> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Key key = cells.readKey(in);
            list.add(new KeyCell(key, cells.readCell(in)));
        }
        return new Reply.Cells(list);
    }

    private static Reply readConfirmed(WireReader in) throws MalformedMessageException {
        int count = in.count(1);
        List<Boolean> confirmed = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            confirmed.add(in.flag());
        }
        return new Reply.Confirmed(confirmed);
    }

    private void writePage(WireWriter out, Reply.Page page) {
        out.u8(PAGE).flag(page.more()).i32(page.entries().size());
        for (PageEntry entry : page.entries()) {
            writePageEntry(out, entry);
        }
    }

    private Reply readPage(WireReader in) throws MalformedMessageException {
        boolean more = in.flag();
        int count = in.count(CellCodec.MIN_KEY_BYTES + CellCodec.MIN_VERSION_BYTES + 12);
        List<PageEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(readPageEntry(in));
        }
        return new Reply.Page(entries, more);
    }

    private void writePageEntry(WireWriter out, PageEntry entry) {
        cells.writeKey(out, entry.key());
        cells.writeVersion(out, entry.version());
        out.i32(entry.valueBytes()).i64(entry.deadSinceMillis());
    }

    private PageEntry readPageEntry(WireReader in) throws MalformedMessageException {
        Key key = cells.readKey(in);
        Version version = cells.readVersion(in);
        return new PageEntry(key, version, in.i32(), in.i64());
    }

    private void writeInspected(WireWriter out, Reply.Inspected inspected) {
        out.u8(INSPECTED).flag(inspected.own() != null);
        if (inspected.own() != null) {
            writePageEntry(out, inspected.own());
        }
        out.flag(inspected.tombstone()).i32(inspected.hints().size());
        for (HeldHint hint : inspected.hints()) {
            cells.writeNode(out, hint.target());
            cells.writeVersion(out, hint.version());
            out.flag(hint.tombstone()).i64(hint.ageMillis());
        }
    }

    private Reply readInspected(WireReader in) throws MalformedMessageException {
        PageEntry own = in.flag() ? readPageEntry(in) : null;
        boolean tombstone = in.flag();
        int count = in.count(2 + CellCodec.MIN_VERSION_BYTES + 9);
        List<HeldHint> hints = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            NodeId target = cells.readNode(in);
            Version version = cells.readVersion(in);
            hints.add(new HeldHint(target, version, in.flag(), in.i64()));
        }
        return new Reply.Inspected(own, tombstone, hints);
    }
}

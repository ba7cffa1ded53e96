package dev.minidynamo.protocol;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Request.Cause;
import dev.minidynamo.protocol.Request.KeyVersion;

import java.util.ArrayList;
import java.util.List;

/** The binary form of one request: a code of one byte, then its fields. */
final class RequestCodec {

    private static final int WRITE = 1;
    private static final int READ = 2;
    private static final int PING = 3;
    private static final int TREE_HASHES = 4;
    private static final int LEAF_LIST = 5;
    private static final int FETCH = 6;
    private static final int CONFIRM_TOMBSTONES = 7;
    private static final int REAP_TOMBSTONES = 8;
    private static final int SCAN = 9;
    private static final int INSPECT = 10;

    private static final Cause[] CAUSES = Cause.values();

    private final CellCodec cells;

    RequestCodec(CellCodec cells) {
        this.cells = cells;
    }

    void write(WireWriter out, Request request) {
        switch (request) {
            case Request.Write write -> writeWrite(out, write);
            case Request.Read read -> {
                cells.writeKey(out.u8(READ), read.key());
                cells.writeOptionalVersion(out, read.known());
                out.flag(read.hints());
            }
            case Request.Ping ping -> out.u8(PING).i64(ping.wallMillis());
            case Request.TreeHashes tree ->
                    writeInts(out.u8(TREE_HASHES).u8(tree.level()), tree.indexes());
            case Request.LeafList leaves -> writeInts(out.u8(LEAF_LIST), leaves.leaves());
            case Request.Fetch fetch -> {
                out.u8(FETCH).i32(fetch.tokens().size());
                fetch.tokens().forEach(out::i64);
            }
            case Request.ConfirmTombstones confirm ->
                    writeKeyVersions(out.u8(CONFIRM_TOMBSTONES), confirm.tombstones());
            case Request.ReapTombstones reap ->
                    writeKeyVersions(out.u8(REAP_TOMBSTONES), reap.tombstones());
            case Request.Scan scan -> {
                out.u8(SCAN).bytes16(scan.prefix());
                cells.writeOptionalKey(out, scan.after());
                out.i32(scan.limit());
            }
            case Request.Inspect inspect -> cells.writeKey(out.u8(INSPECT), inspect.key());
        }
    }

    Request read(WireReader in) throws MalformedMessageException {
        int code = in.u8();
        return switch (code) {
            case WRITE -> readWrite(in);
            case READ ->
                    new Request.Read(cells.readKey(in), cells.readOptionalVersion(in), in.flag());
            case PING -> new Request.Ping(in.i64());
            case TREE_HASHES -> new Request.TreeHashes(in.u8(), readInts(in));
            case LEAF_LIST -> new Request.LeafList(readInts(in));
            case FETCH -> new Request.Fetch(readLongs(in));
            case CONFIRM_TOMBSTONES -> new Request.ConfirmTombstones(readKeyVersions(in));
            case REAP_TOMBSTONES -> new Request.ReapTombstones(readKeyVersions(in));
            case SCAN -> new Request.Scan(in.bytes16(), cells.readOptionalKey(in), in.i32());
            case INSPECT -> new Request.Inspect(cells.readKey(in));
            default -> throw in.malformed("the request code " + code + " is unknown");
        };
    }

    private void writeWrite(WireWriter out, Request.Write write) {
        out.u8(WRITE).u8(write.cause().ordinal()).flag(write.hintFor() != null);
        if (write.hintFor() != null) {
            cells.writeNode(out, write.hintFor());
        }
        cells.writeKey(out, write.key());
        cells.writeCell(out, write.cell());
    }

    private Request.Write readWrite(WireReader in) throws MalformedMessageException {
        Cause cause = in.choice(CAUSES);
        NodeId hintFor = in.flag() ? cells.readNode(in) : null;
        Key key = cells.readKey(in);
        Cell cell = cells.readCell(in);
        return new Request.Write(key, cell, cause, hintFor);
    }

    private static void writeInts(WireWriter out, List<Integer> numbers) {
        out.i32(numbers.size());
        numbers.forEach(out::i32);
    }

    private static List<Integer> readInts(WireReader in) throws MalformedMessageException {
        int count = in.count(4);
        List<Integer> numbers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            numbers.add(in.i32());
        }
        return numbers;
    }

    static List<Long> readLongs(WireReader in) throws MalformedMessageException {
        int count = in.count(8);
        List<Long> numbers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            numbers.add(in.i64());
        }
        return numbers;
    }

    private void writeKeyVersions(WireWriter out, List<KeyVersion> list) {
        out.i32(list.size());
        for (KeyVersion item : list) {
            cells.writeKey(out, item.key());
            cells.writeVersion(out, item.version());
        }
    }

    private List<KeyVersion> readKeyVersions(WireReader in) throws MalformedMessageException {
        int count = in.count(CellCodec.MIN_KEY_BYTES + CellCodec.MIN_VERSION_BYTES);
        List<KeyVersion> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Key key = cells.readKey(in);
            Version version = cells.readVersion(in);
            list.add(new KeyVersion(key, version));
        }
        return list;
    }
}

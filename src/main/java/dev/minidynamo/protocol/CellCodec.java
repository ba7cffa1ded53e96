package dev.minidynamo.protocol;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;

import org.jspecify.annotations.Nullable;

/** The binary form of keys, versions, cells and marks within a message. */
final class CellCodec {

    static final int MIN_KEY_BYTES = 3;
    static final int MIN_VERSION_BYTES = 14;

    private static final int LIVE = 1;
    private static final int TOMBSTONE = 2;

    private final Interner<NodeId> nodeIds = new Interner<>(NodeId::new);
    private final Interner<String> contentTypes = new Interner<>(text -> text);

    void writeKey(WireWriter out, Key key) {
        out.bytes16(key.bytes());
    }

    Key readKey(WireReader in) throws MalformedMessageException {
        byte[] bytes = in.bytes16();
        if (bytes.length < 1 || bytes.length > Key.MAX_BYTES) {
            throw in.malformed("a key has 1 to 1024 bytes, not " + bytes.length);
        }
        return Key.of(bytes);
    }

    void writeOptionalKey(WireWriter out, @Nullable Key key) {
        out.flag(key != null);
        if (key != null) {
            writeKey(out, key);
        }
    }

    @Nullable Key readOptionalKey(WireReader in) throws MalformedMessageException {
        return in.flag() ? readKey(in) : null;
    }

    void writeNode(WireWriter out, NodeId node) {
        out.ascii8(node.value());
    }

    NodeId readNode(WireReader in) throws MalformedMessageException {
        return in.interned8(nodeIds);
    }

    void writeMark(WireWriter out, DataMark mark) {
        out.i32(mark.incarnation()).i64(mark.records());
    }

    DataMark readMark(WireReader in) throws MalformedMessageException {
        return new DataMark(in.i32(), in.i64());
    }

    void writeVersion(WireWriter out, Version version) {
        out.i64(version.timestamp()).ascii8(version.writer().value()).i32(version.incarnation());
    }

    Version readVersion(WireReader in) throws MalformedMessageException {
        long timestamp = in.i64();
        NodeId writer = readNode(in);
        return new Version(timestamp, writer, in.i32());
    }

    void writeOptionalVersion(WireWriter out, @Nullable Version version) {
        out.flag(version != null);
        if (version != null) {
            writeVersion(out, version);
        }
    }

    @Nullable Version readOptionalVersion(WireReader in) throws MalformedMessageException {
        return in.flag() ? readVersion(in) : null;
    }

    void writeCell(WireWriter out, Cell cell) {
        switch (cell) {
            case Cell.Live live -> {
                out.u8(LIVE);
                writeVersion(out, live.version());
                out.i64(live.expiresAtMillis());
                out.text16(live.contentType());
                out.bytes32(live.value());
            }
            case Cell.Tombstone tombstone -> {
                out.u8(TOMBSTONE);
                writeVersion(out, tombstone.version());
            }
        }
    }

    Cell readCell(WireReader in) throws MalformedMessageException {
        int kind = in.u8();
        if (kind != LIVE && kind != TOMBSTONE) {
            throw in.malformed("the kind of cell " + kind + " is unknown");
        }
        Version version = readVersion(in);
        if (kind == TOMBSTONE) {
            return new Cell.Tombstone(version);
        }
        long expiresAtMillis = in.i64();
        String contentType = in.interned16(contentTypes);
        return new Cell.Live(version, in.bytes32(), contentType, expiresAtMillis);
    }
}

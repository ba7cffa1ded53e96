package dev.minidynamo.protocol;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.Reply.Reason;

import java.util.ArrayList;
import java.util.List;

/**
 * The binary form of batches, as drawn in {@code docs/formats.md}.
 *
 * <p>A batch is written straight into one growing array and read from one. What comes from outside
 * is checked before it is believed: a truncated, altered or hostile body ends in {@link
 * MalformedMessageException}, and costs no more memory than a small multiple of its own length.
 * Safe for use by many threads.
 */
public final class BatchCodec {

    /** Version of the format; a batch of another one is refused. */
    public static final int VERSION = 3;

    /** Most requests in a batch. */
    public static final int MAX_ITEMS = 4096;

    private static final int MAGIC = 'M' << 8 | 'D';
    private static final int REQUESTS = 1;
    private static final int REPLIES = 2;
    private static final int REFUSAL = 3;
    private static final int MIN_ITEM_BYTES = 6;

    private static final Transport.Priority[] PRIORITIES = Transport.Priority.values();
    private static final Reason[] REASONS = Reason.values();

    private final CellCodec cells = new CellCodec();
    private final RequestCodec requests = new RequestCodec(cells);
    private final ReplyCodec replies = new ReplyCodec(cells);

    /** The bytes of a batch of requests. */
    public byte[] encode(RequestBatch batch) {
        WireWriter out = start(REQUESTS, 64 + 256 * batch.items().size());
        writeHeader(out, batch.header());
        out.i32(batch.items().size());
        for (RequestBatch.Item item : batch.items()) {
            out.i32(item.timeoutMillis()).u8(item.priority().ordinal());
            requests.write(out, item.request());
        }
        return out.toByteArray();
    }

    /** The first {@code length} bytes of {@code body} as a batch of requests. */
    public RequestBatch decodeRequests(byte[] body, int length) throws MalformedMessageException {
        WireReader in = new WireReader(body, length);
        int kind = readStart(in);
        if (kind != REQUESTS) {
            throw in.malformed("requests were expected, not kind " + kind);
        }
        BatchHeader header = readHeader(in);
        int count = readCount(in, MIN_ITEM_BYTES);
        List<RequestBatch.Item> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int timeoutMillis = in.i32();
            if (timeoutMillis < 0) {
                throw in.malformed("a timeout is not negative");
            }
            Transport.Priority priority = in.choice(PRIORITIES);
            items.add(new RequestBatch.Item(timeoutMillis, priority, requests.read(in)));
        }
        in.end();
        return new RequestBatch(header, items);
    }

    /**
     * The bytes of an answer.
     *
     * @param mostBytes about how long it may get; replies for which no room is left are sent as
     *     {@link Reason#OVERLOADED}
     */
    public byte[] encode(BatchAnswer answer, int mostBytes) {
        return switch (answer) {
            case BatchAnswer.Replies batch -> {
                WireWriter out = start(REPLIES, 64 + 32 * batch.replies().size());
                writeHeader(out, batch.header());
                out.i32(batch.replies().size());
                for (Reply reply : batch.replies()) {
                    writeWithin(out, reply, mostBytes);
                }
                yield out.toByteArray();
            }
            case BatchAnswer.Refusal refusal ->
                    start(REFUSAL, 64)
                            .u8(refusal.reason().ordinal())
                            .text16(refusal.detail())
                            .toByteArray();
        };
    }

    /** The first {@code length} bytes of {@code body} as an answer. */
    public BatchAnswer decodeAnswer(byte[] body, int length) throws MalformedMessageException {
        WireReader in = new WireReader(body, length);
        int kind = readStart(in);
        BatchAnswer answer =
                switch (kind) {
                    case REPLIES -> readReplies(in);
                    case REFUSAL ->
                            new BatchAnswer.Refusal(in.choice(REASONS), ReplyCodec.readText(in));
                    default -> throw in.malformed("an answer was expected, not kind " + kind);
                };
        in.end();
        return answer;
    }

    private void writeWithin(WireWriter out, Reply reply, int mostBytes) {
        int before = out.length();
        replies.write(out, reply);
        if (out.length() > mostBytes && out.length() - before > MIN_ITEM_BYTES) {
            out.truncate(before);
            replies.write(
                    out, new Reply.Refused(Reason.OVERLOADED, "the answer would be too long"));
        }
    }

    private BatchAnswer readReplies(WireReader in) throws MalformedMessageException {
        BatchHeader header = readHeader(in);
        int count = readCount(in, 1);
        List<Reply> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(replies.read(in));
        }
        return new BatchAnswer.Replies(header, list);
    }

    private static WireWriter start(int kind, int capacity) {
        return new WireWriter(capacity).u16(MAGIC).u8(VERSION).u8(kind);
    }

    private static int readStart(WireReader in) throws MalformedMessageException {
        if (in.u16() != MAGIC) {
            throw in.malformed("it does not begin with \"MD\"");
        }
        int version = in.u8();
        if (version != VERSION) {
            throw in.malformed("format version " + version + " is not " + VERSION);
        }
        return in.u8();
    }

    private static int readCount(WireReader in, int itemBytes) throws MalformedMessageException {
        int count = in.count(itemBytes);
        if (count > MAX_ITEMS) {
            throw in.malformed("a batch has at most " + MAX_ITEMS + " items, not " + count);
        }
        return count;
    }

    private void writeHeader(WireWriter out, BatchHeader header) {
        cells.writeNode(out, header.sender());
        out.i64(header.ringFingerprint()).i64(header.timestamp()).i64(header.wallMillis());
        cells.writeMark(out, header.mark());
    }

    private BatchHeader readHeader(WireReader in) throws MalformedMessageException {
        NodeId sender = cells.readNode(in);
        return new BatchHeader(sender, in.i64(), in.i64(), in.i64(), cells.readMark(in));
    }
}

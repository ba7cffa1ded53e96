package dev.minidynamo.protocol;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Reply.Reason;
import dev.minidynamo.protocol.Request.Cause;
import dev.minidynamo.protocol.Request.KeyVersion;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Generates messages of every kind from a seed. */
final class Messages {

    private static final int KINDS_OF_REQUESTS = 10;
    private static final int KINDS_OF_REPLIES = 14;

    private final Random random;

    Messages(long seed) {
        random = new Random(seed);
    }

    RequestBatch requests() {
        return new RequestBatch(
                header(),
                list(
                        20,
                        () ->
                                new RequestBatch.Item(
                                        random.nextInt(Integer.MAX_VALUE),
                                        any(Transport.Priority.values()),
                                        request(random.nextInt(KINDS_OF_REQUESTS)))));
    }

    BatchAnswer answer() {
        if (random.nextInt(10) == 0) {
            return new BatchAnswer.Refusal(any(Reason.values()), text());
        }
        return new BatchAnswer.Replies(
                header(), list(20, () -> reply(random.nextInt(KINDS_OF_REPLIES))));
    }

    private DataMark mark() {
        return new DataMark(random.nextInt(), random.nextLong());
    }

    Request request(int kind) {
        return switch (kind) {
            case 0 -> new Request.Write(key(), cell(), any(Cause.values()), maybe(this::node));
            case 1 -> new Request.Read(key(), maybe(this::version), random.nextBoolean());
            case 2 -> new Request.Ping(random.nextLong());
            case 3 -> new Request.TreeHashes(random.nextInt(4), list(30, random::nextInt));
            case 4 -> new Request.LeafList(list(30, random::nextInt));
            case 5 -> new Request.Fetch(list(30, random::nextLong));
            case 6 -> new Request.ConfirmTombstones(list(9, this::keyVersion));
            case 7 -> new Request.ReapTombstones(list(9, this::keyVersion));
            case 8 -> new Request.Scan(bytes(40), maybe(this::key), random.nextInt());
            default -> new Request.Inspect(key());
        };
    }

    Reply reply(int kind) {
        return switch (kind) {
            case 0 -> new Reply.Written();
            case 1 -> new Reply.Superseded(version());
            case 2 -> new Reply.Found(cell());
            case 3 -> new Reply.Same();
            case 4 -> new Reply.Missing();
            case 5 -> new Reply.Refused(any(Reason.values()), text());
            case 6 ->
                    new Reply.Pong(
                            random.nextLong(), random.nextBoolean(), random.nextLong(), mark());
            case 7 -> new Reply.Hashes(list(30, random::nextLong));
            case 8 -> new Reply.LeafEntries(list(9, this::leafEntry));
            case 9 -> new Reply.Cells(list(9, () -> new Reply.KeyCell(key(), cell())));
            case 10 -> new Reply.Confirmed(list(9, random::nextBoolean));
            case 11 -> new Reply.Done();
            case 12 -> new Reply.Page(list(9, this::pageEntry), random.nextBoolean());
            default ->
                    new Reply.Inspected(
                            maybe(this::pageEntry), random.nextBoolean(), list(4, this::heldHint));
        };
    }

    private BatchHeader header() {
        return new BatchHeader(
                node(), random.nextLong(), random.nextLong(), random.nextLong(), mark());
    }

    private Cell cell() {
        if (random.nextInt(3) == 0) {
            return new Cell.Tombstone(version());
        }
        String type = random.nextBoolean() ? Cell.DEFAULT_CONTENT_TYPE : text();
        return new Cell.Live(version(), bytes(300), type, random.nextLong());
    }

    private Key key() {
        byte[] bytes = new byte[1 + random.nextInt(random.nextInt(9) == 0 ? Key.MAX_BYTES : 30)];
        random.nextBytes(bytes);
        return Key.of(bytes);
    }

    private Version version() {
        return new Version(random.nextLong(), node(), random.nextInt());
    }

    private NodeId node() {
        return new NodeId("n" + random.nextInt(1000));
    }

    private KeyVersion keyVersion() {
        return new KeyVersion(key(), version());
    }

    private Reply.LeafEntry leafEntry() {
        return new Reply.LeafEntry(random.nextLong(), random.nextLong(), random.nextLong());
    }

    private Reply.PageEntry pageEntry() {
        return new Reply.PageEntry(key(), version(), random.nextInt(), random.nextLong());
    }

    private Reply.HeldHint heldHint() {
        return new Reply.HeldHint(node(), version(), random.nextBoolean(), random.nextLong());
    }

    private byte[] bytes(int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            text.append((char) ('!' + random.nextInt(300)));
        }
        return text.toString();
    }

    private <T> List<T> list(int most, Supplier<T> item) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(most); i > 0; i--) {
            list.add(item.get());
        }
        return list;
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextBoolean() ? value.get() : null;
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }
}

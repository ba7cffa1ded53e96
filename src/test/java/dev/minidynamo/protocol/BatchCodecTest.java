package dev.minidynamo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Reply.Reason;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** The binary form of messages, as docs/formats.md draws it. */
class BatchCodecTest {

    private static final int SEEDS = 2_000;
    private static final int NO_BOUND = Integer.MAX_VALUE;

    private final BatchCodec codec = new BatchCodec();

    @Test
    void everyRequestSurvivesTheWire() throws MalformedMessageException {
        for (int seed = 0; seed < SEEDS; seed++) {
            RequestBatch batch = new Messages(seed).requests();
            byte[] bytes = codec.encode(batch);
            RequestBatch read = codec.decodeRequests(bytes, bytes.length);
            assertThat(read.header()).as("seed %d", seed).isEqualTo(batch.header());
            assertThat(read.items()).as("seed %d", seed).hasSameSizeAs(batch.items());
            // a prefix is an array, which records compare by identity
            assertThat(codec.encode(read)).as("seed %d", seed).isEqualTo(bytes);
        }
    }

    @Test
    void everyAnswerSurvivesTheWire() throws MalformedMessageException {
        for (int seed = 0; seed < SEEDS; seed++) {
            BatchAnswer answer = new Messages(seed).answer();
            byte[] bytes = codec.encode(answer, NO_BOUND);
            assertThat(codec.decodeAnswer(bytes, bytes.length))
                    .as("seed %d", seed)
                    .isEqualTo(answer);
        }
    }

    @Test
    @DisplayName("An altered message is an exception or another message, never anything else (P11)")
    void anAlteredMessageIsAnExceptionOrAnotherMessage() {
        int malformed = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Messages messages = new Messages(seed);
            malformed += refused(true, mutated(codec.encode(messages.requests()), random), seed);
            malformed +=
                    refused(
                            false,
                            mutated(codec.encode(messages.answer(), NO_BOUND), random),
                            seed);
        }
        assertThat(malformed).isGreaterThan(SEEDS / 2);
    }

    private int refused(boolean requests, byte[] bytes, int seed) {
        try {
            if (requests) {
                codec.decodeRequests(bytes, bytes.length);
            } else {
                codec.decodeAnswer(bytes, bytes.length);
            }
            return 0;
        } catch (MalformedMessageException expected) {
            return 1;
        } catch (RuntimeException | Error bug) {
            throw new AssertionError("seed " + seed + " of a mutation", bug);
        }
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] out = bytes.clone();
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            int at = random.nextInt(out.length);
            switch (random.nextInt(4)) {
                case 0 -> out[at] = (byte) random.nextInt();
                case 1 -> out[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> Arrays.fill(out, at, Math.min(out.length, at + 4), (byte) 0xff);
                default -> out = Arrays.copyOf(out, Math.max(1, at));
            }
        }
        return out;
    }

    @Test
    void everyTruncationIsNoticed() {
        byte[] requests = codec.encode(goldenRequests());
        byte[] answer = codec.encode(goldenReplies(), NO_BOUND);
        for (int length = 0; length < requests.length; length++) {
            int cut = length;
            assertThatThrownBy(() -> codec.decodeRequests(requests, cut))
                    .isInstanceOf(MalformedMessageException.class);
        }
        for (int length = 0; length < answer.length; length++) {
            int cut = length;
            assertThatThrownBy(() -> codec.decodeAnswer(answer, cut))
                    .isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void aHugeCountCostsNoMemory() {
        byte[] bytes = codec.encode(new RequestBatch(goldenHeader(), List.of()));
        Arrays.fill(bytes, bytes.length - 4, bytes.length, (byte) 0x7f);
        assertThatThrownBy(() -> codec.decodeRequests(bytes, bytes.length))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("does not fit");
    }

    @Test
    void anotherVersionOfTheFormatIsRefused() {
        byte[] bytes = codec.encode(goldenRequests());
        bytes[2] = 4;
        assertThatThrownBy(() -> codec.decodeRequests(bytes, bytes.length))
                .hasMessageContaining("format version 4 is not 3");
    }

    @Test
    void anAnswerThatGetsTooLongRefusesTheRest() throws MalformedMessageException {
        Reply large =
                new Reply.Found(new Cell.Live(goldenVersion(), new byte[1000], "a/b", Cell.NEVER));
        byte[] bytes =
                codec.encode(
                        new BatchAnswer.Replies(
                                goldenHeader(), List.of(large, large, large, new Reply.Written())),
                        2100);

        var read = (BatchAnswer.Replies) codec.decodeAnswer(bytes, bytes.length);

        assertThat(read.replies().get(0)).isEqualTo(large);
        assertThat(read.replies().get(2))
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.OVERLOADED));
        assertThat(read.replies().get(3)).isEqualTo(new Reply.Written());
    }

    @Test
    void nodeIdsAndContentTypesAreMadeOnce() throws MalformedMessageException {
        byte[] bytes = codec.encode(goldenReplies(), NO_BOUND);
        var first = (BatchAnswer.Replies) codec.decodeAnswer(bytes, bytes.length);
        var second = (BatchAnswer.Replies) codec.decodeAnswer(bytes, bytes.length);

        assertThat(first.header().sender()).isSameAs(second.header().sender());
    }

    @Test
    void theBytesOfTheVersionNeverChange() throws IOException {
        assertThat(hex(codec.encode(goldenRequests()))).isEqualTo(golden("requests-v3"));
        assertThat(hex(codec.encode(goldenReplies(), NO_BOUND))).isEqualTo(golden("replies-v3"));
        assertThat(
                        hex(
                                codec.encode(
                                        new BatchAnswer.Refusal(Reason.RING_MISMATCH, "ring é"),
                                        NO_BOUND)))
                .isEqualTo(golden("refusal-v3"));
    }

    private static String golden(String name) throws IOException {
        try (InputStream in =
                BatchCodecTest.class.getResourceAsStream("/golden/messages/" + name + ".hex")) {
            return new String(
                            Objects.requireNonNull(in, name).readAllBytes(),
                            StandardCharsets.US_ASCII)
                    .replaceAll("\\s", "");
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static BatchHeader goldenHeader() {
        return new BatchHeader(
                new NodeId("n1"),
                0x0102030405060708L,
                0x1112131415161718L,
                1_767_225_600_000L,
                new DataMark(0x61626364, 11));
    }

    private static Version goldenVersion() {
        return new Version(0x2122232425262728L, new NodeId("n2"), 0x31323334);
    }

    private static RequestBatch goldenRequests() {
        Key key = Key.utf8("cat");
        Version version = goldenVersion();
        Cell live = new Cell.Live(version, new byte[] {1, 2, 3}, "text/plain", 0x4142L);
        List<Request.KeyVersion> pair = List.of(new Request.KeyVersion(key, version));
        List<Request> all =
                List.of(
                        new Request.Write(key, live, Request.Cause.READ_REPAIR, new NodeId("n3")),
                        new Request.Write(
                                key, new Cell.Tombstone(version), Request.Cause.CLIENT, null),
                        new Request.Read(key, version, true),
                        new Request.Ping(7),
                        new Request.TreeHashes(2, List.of(5, 6)),
                        new Request.LeafList(List.of(9)),
                        new Request.Fetch(List.of(-1L)),
                        new Request.ConfirmTombstones(pair),
                        new Request.ReapTombstones(pair),
                        new Request.Scan(new byte[] {'c'}, key, 100),
                        new Request.Inspect(key));
        return new RequestBatch(
                goldenHeader(),
                all.stream()
                        .map(r -> new RequestBatch.Item(500, Transport.Priority.HINTS, r))
                        .toList());
    }

    private static BatchAnswer goldenReplies() {
        Key key = Key.utf8("cat");
        Version version = goldenVersion();
        Cell cell = new Cell.Tombstone(version);
        Reply.PageEntry entry = new Reply.PageEntry(key, version, 3, 0x4142L);
        return new BatchAnswer.Replies(
                goldenHeader(),
                List.of(
                        new Reply.Written(),
                        new Reply.Superseded(version),
                        new Reply.Found(cell),
                        new Reply.Same(),
                        new Reply.Missing(),
                        new Reply.Refused(Reason.CLOCK_AHEAD, "too far"),
                        new Reply.Pong(8, true, 9, new DataMark(0x51525354, 10)),
                        new Reply.Hashes(List.of(1L, 2L)),
                        new Reply.LeafEntries(List.of(new Reply.LeafEntry(1, 2, 3))),
                        new Reply.Cells(List.of(new Reply.KeyCell(key, cell))),
                        new Reply.Confirmed(List.of(true, false)),
                        new Reply.Done(),
                        new Reply.Page(List.of(entry), true),
                        new Reply.Inspected(
                                entry,
                                true,
                                List.of(
                                        new Reply.HeldHint(
                                                new NodeId("n3"), version, false, 99)))));
    }
}

package dev.minidynamo.wal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.minidynamo.env.DiskFile;
import dev.minidynamo.sim.SimDisk;
import dev.minidynamo.sim.SimRandom;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * P11: no bytes make a decoder of the log throw, loop or believe them.
 *
 * <p>Each target is driven here by seeded mutation of what the log writes, and by Jazzer with the
 * profile {@code fuzz}.
 */
class DecoderFuzzTest {

    private static final SegmentHeader HEADER = new SegmentHeader(7, 1, 0);
    private static final CheckedFile FORM =
            new CheckedFile(new SimDisk(new SimRandom(1)), "kv", "manifest", Manifest.MAGIC);

    @FuzzTest
    void aSegment(byte[] bytes) throws IOException {
        scan(bytes);
    }

    @FuzzTest
    void aManifest(byte[] bytes) {
        manifest(bytes);
    }

    @FuzzTest
    void aSegmentHeader(byte[] bytes) {
        header(bytes);
    }

    /** Scans bytes as the records of a segment; every record believed has a true checksum. */
    private static int scan(byte[] bytes) throws IOException {
        SimDisk disk = new SimDisk(new SimRandom(1));
        disk.put("segment", bytes);
        int[] count = {0};
        try (DiskFile file = disk.open("segment")) {
            LogMark from = new LogMark(1, 0, 0);
            SegmentScanner scanner =
                    new SegmentScanner(
                            HEADER,
                            new Window(file),
                            (position, frame, array, at, length) -> {
                                assertThat(at + length).isLessThanOrEqualTo(array.length);
                                count[0]++;
                            },
                            List.of());
            SegmentScanner.Result result =
                    scanner.scan(new SegmentScanner.Bounds(from, LogMark.START, null));
            assertThat(result.end().offset()).isBetween(0L, (long) bytes.length);
        }
        return count[0];
    }

    private static void manifest(byte[] bytes) {
        Manifest manifest = Manifest.decode(bytes);
        if (manifest != null) {
            assertThat(Manifest.decode(manifest.encode())).isEqualTo(manifest);
        }
        CheckedFile.Contents contents = FORM.decode(bytes);
        if (contents != null) {
            assertThat(FORM.encode(contents.version(), contents.body())).isEqualTo(bytes);
        }
    }

    private static void header(byte[] bytes) {
        SegmentHeader header = SegmentHeader.decode(bytes, bytes.length);
        if (header != null) {
            assertThat(header.encode()).isEqualTo(Arrays.copyOf(bytes, SegmentHeader.BYTES));
        }
    }

    private static byte[] records(int count) {
        ByteBuffer out = ByteBuffer.allocate(4096);
        Seed seed = new Seed(HEADER);
        for (int i = 0; i < count; i++) {
            RecordFrame.Numbers numbers = new RecordFrame.Numbers(i, Math.max(0, i - 2));
            RecordFrame.encode(out, seed, out.position(), numbers, new byte[20 + i]);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] mutated(byte[] original, SimRandom random) {
        byte[] bytes = Arrays.copyOf(original, random.nextInt(original.length + 8));
        for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    @Test
    void mutatedBytesAreNeverBelieved() throws IOException {
        SimRandom random = new SimRandom(11);
        byte[] segment = records(12);
        assertThat(scan(segment)).isEqualTo(12);
        Manifest whole =
                new Manifest(
                        9,
                        List.of(
                                new Manifest.Segment(1, 0, 99),
                                new Manifest.Segment(2, 5, Manifest.GROWING)),
                        List.of(new Manifest.Gap(1, 50, 60, 4)));
        assertThat(Manifest.decode(whole.encode())).isEqualTo(whole);
        for (int i = 0; i < 20_000; i++) {
            assertThat(scan(mutated(segment, random))).isLessThanOrEqualTo(12);
            manifest(mutated(whole.encode(), random));
            manifest(mutated(FORM.encode(1, whole.encode()), random));
            header(mutated(HEADER.encode(), random));
        }
        assertThat(
                        Objects.requireNonNull(
                                SegmentHeader.decode(HEADER.encode(), SegmentHeader.BYTES)))
                .isEqualTo(HEADER);
    }
}

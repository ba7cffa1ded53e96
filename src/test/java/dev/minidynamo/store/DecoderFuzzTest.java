package dev.minidynamo.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.minidynamo.model.Cell;
import dev.minidynamo.sim.SimDisk;
import dev.minidynamo.sim.SimRandom;
import dev.minidynamo.wal.LogMark;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/**
 * P11: no bytes make a decoder of the store throw, loop or believe them.
 *
 * <p>Each target is driven here by seeded mutation of what the store writes, and by Jazzer with the
 * profile {@code fuzz}.
 */
class DecoderFuzzTest {

    @FuzzTest
    void aCell(byte[] bytes) {
        cell(bytes);
    }

    @FuzzTest
    void aSnapshot(byte[] bytes) throws IOException {
        snapshot(bytes);
    }

    @FuzzTest
    void bucketsOfASnapshot(byte[] bytes) {
        buckets(bytes);
    }

    @FuzzTest
    void smallFiles(byte[] bytes) {
        small(bytes);
    }

    /** Decodes a cell; what decodes is the same after another round. */
    private static boolean cell(byte[] bytes) {
        StoredCell decoded = CellCodec.decode(bytes, 0, bytes.length);
        if (decoded != null) {
            byte[] again = CellCodec.encode(decoded.key(), decoded.cell());
            assertThat(CellCodec.decode(again, 0, again.length)).isEqualTo(decoded);
        }
        return decoded != null;
    }

    private static boolean snapshot(byte[] bytes) throws IOException {
        SimDisk disk = new SimDisk(new SimRandom(1));
        disk.put("snapshot", bytes);
        try {
            new SnapshotLoader(disk).load("snapshot", new KeyIndex(StoreRig::token));
            return true;
        } catch (SnapshotDamagedException damaged) {
            return false;
        }
    }

    private static void buckets(byte[] bytes) {
        KeyIndex index = new KeyIndex(StoreRig::token);
        try {
            SnapshotFormat.readBuckets(bytes, index);
            SnapshotFormat.readTail(bytes, index);
        } catch (SnapshotDamagedException damaged) {
            assertThat(damaged).hasMessageContaining(" ");
        }
    }

    private static void small(byte[] bytes) {
        DamageMap map = DamageMap.decode(bytes);
        if (map != null) {
            assertThat(DamageMap.decode(map.encode())).isNotNull();
        }
        BitSet complete = CompletePartitions.decode(bytes);
        if (complete != null) {
            assertThat(CompletePartitions.decode(complete.toByteArray())).isEqualTo(complete);
        }
        ClockRecord clock = ClockRecord.decode(bytes);
        if (clock != null) {
            assertThat(ClockRecord.decode(clock.encode())).isEqualTo(clock);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        NodeFile.Identity identity = NodeFile.Identity.decode(text);
        if (identity != null) {
            assertThat(NodeFile.Identity.decode(identity.encode())).isEqualTo(identity);
        }
    }

    private static byte[] mutated(byte[] original, SimRandom random) {
        byte[] bytes = Arrays.copyOf(original, random.nextInt(original.length + 8));
        for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    @Test
    void mutatedBytesAreDecodedOrRefused() throws IOException {
        SimRandom random = new SimRandom(12);
        Cell live = new Cell.Live(StoreRig.version(9), new byte[30], "text/plain", 77);
        byte[] cell = CellCodec.encode(StoreRig.key("some key"), live);
        byte[] clock = new ClockRecord(1, 2, true, false, new LogMark(3, 4, 5)).encode();
        byte[] node = NodeFile.Identity.of("a", "n1", 5).encode().getBytes(StandardCharsets.UTF_8);
        assertThat(cell(cell)).isTrue();
        for (int i = 0; i < 50_000; i++) {
            cell(mutated(cell, random));
            small(mutated(clock, random));
            small(mutated(node, random));
        }
    }

    @Test
    void aMutatedSnapshotIsRefused() throws IOException {
        StoreRig rig = new StoreRig(1).open();
        rig.fill(20, 1);
        rig.snapshot();
        byte[] whole = rig.disk.bytes("kv/snapshot");
        assertThat(snapshot(whole)).isTrue();
        SimRandom random = new SimRandom(13);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = mutated(whole, random);
            assertThat(snapshot(bytes)).isEqualTo(Arrays.equals(bytes, whole));
            buckets(bytes.length > 60 ? Arrays.copyOfRange(bytes, 46, bytes.length) : bytes);
        }
    }
}

package dev.minidynamo.store;

import static dev.minidynamo.store.StoreRig.live;
import static dev.minidynamo.store.StoreRig.tombstone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.Cell;
import dev.minidynamo.sim.SimDisk;
import dev.minidynamo.sim.SimRandom;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/** The files of version 1 that are kept in {@code golden/store} are written and read as ever. */
class GoldenDirectoryTest {

    private static final List<String> FILES =
            List.of(
                    "clock",
                    "kv/0000000001.seg",
                    "kv/complete",
                    "kv/manifest",
                    "kv/snapshot",
                    "node.json");

    private static final BitSet COMPLETE = BitSet.valueOf(new long[] {0x8001, 1});

    private static StoreRig rig(SimDisk disk) {
        StoreRig rig = new StoreRig(disk, 1);
        rig.options = rig.options.withLog(rig.options.log().withSegments(8192, 0).withReserve(0));
        return rig;
    }

    /** A small directory: values, a tombstone, an expiry, a snapshot in the middle. */
    private static StoreRig written() {
        StoreRig rig = rig(new SimDisk(new SimRandom(1))).open();
        rig.apply("cat", live(1, "meow"));
        rig.apply("dog", new Cell.Live(StoreRig.version(2), new byte[] {0, -1}, "text/plain", 99));
        rig.snapshot();
        rig.apply("cow", tombstone(70_000));
        rig.store().persistClock(5, 6, () -> {});
        rig.store().setSynchronised(true, () -> {});
        rig.store().completePartitions().replace(COMPLETE, () -> {});
        rig.loop.runFor(100);
        rig.killProcess();
        return rig;
    }

    @Test
    void theSameCellsMakeTheSameFiles() throws IOException {
        StoreRig rig = written();
        assertThat(rig.disk.paths()).isEqualTo(FILES);
        TreeMap<String, String> now = new TreeMap<>();
        TreeMap<String, String> kept = new TreeMap<>();
        for (String path : FILES) {
            now.put(path, HexFormat.of().formatHex(rig.disk.bytes(path)));
            kept.put(path, HexFormat.of().formatHex(golden(path)));
        }
        assertThat(now).isEqualTo(kept);
    }

    @Test
    @DisplayName("a directory of version 1 opens, with and without its snapshot")
    void aDirectoryOfVersion1Opens() throws IOException {
        for (boolean withSnapshot : new boolean[] {true, false}) {
            SimDisk disk = new SimDisk(new SimRandom(1));
            disk.createDirectories("kv");
            for (String path : FILES) {
                if (withSnapshot || !path.endsWith("snapshot")) {
                    disk.put(path, golden(path));
                }
            }
            StoreRig rig = rig(disk).open();
            assertThat(rig.read("cat")).isEqualTo("meow");
            assertThat(rig.read("cow")).isEqualTo("deleted");
            assertThat(rig.store().read(StoreRig.key("dog")))
                    .isEqualTo(
                            new ReadResult.Found(
                                    new Cell.Live(
                                            StoreRig.version(2),
                                            new byte[] {0, -1},
                                            "text/plain",
                                            99)));
            assertThat(rig.store().synchronised()).isTrue();
            assertThat(rig.store().lastAliveMillis()).isEqualTo(6);
            assertThat(rig.store().completePartitions().known()).isEqualTo(COMPLETE);
            assertThat(rig.store().status().start().notes()).isEmpty();
            assertThat(rig.store().status().start().recovery().records())
                    .isEqualTo(withSnapshot ? 1 : 3);
        }
    }

    private static byte[] golden(String path) throws IOException {
        String name = "/golden/store/v1-" + path.replace('/', '-') + ".hex";
        try (InputStream in = GoldenDirectoryTest.class.getResourceAsStream(name)) {
            String hex =
                    new String(
                            Objects.requireNonNull(in, name).readAllBytes(),
                            StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        }
    }
}

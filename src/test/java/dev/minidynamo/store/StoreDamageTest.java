package dev.minidynamo.store;

import static dev.minidynamo.store.StoreRig.key;
import static dev.minidynamo.store.StoreRig.live;
import static dev.minidynamo.store.StoreRig.tombstone;
import static dev.minidynamo.store.StoreRig.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.Cell;
import dev.minidynamo.sim.SimDisk;
import dev.minidynamo.store.ApplyResult.Applied;
import dev.minidynamo.store.ApplyResult.DiskFull;
import dev.minidynamo.store.ApplyResult.Superseded;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** P9, P11: what a store does about records it cannot read, and about a disk without space. */
class StoreDamageTest {

    private final StoreRig rig = new StoreRig(1).open();

    private static int leafOf(String key) {
        return KeyIndex.leafOf(StoreRig.token(key(key)));
    }

    /** Flips a bit in the middle of the value of a key in the first segment. */
    private void harm(String value) {
        byte[] bytes = rig.disk.bytes("kv/0000000001.seg");
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(value);
        assertThat(at).isPositive();
        rig.disk.flipBit("kv/0000000001.seg", at * 8L + 3);
    }

    @Test
    @DisplayName("P11: a record that fails its checksum is not served, and is fetched again")
    void aHarmedRecordIsNotServedAndTakenAgain() {
        rig.apply("a", live(5, "precious"));
        harm("precious");
        assertThat(rig.read("a")).isEqualTo("damaged");
        assertThat(rig.store().damagedLeaves().get(leafOf("a"))).isTrue();
        assertThat(rig.store().leaf(leafOf("a"))).isEmpty();
        assertThat(rig.apply("a", live(4, "older"))).isEqualTo(new Superseded(version(5)));
        assertThat(rig.read("a")).isEqualTo("damaged");
        assertThat(rig.apply("a", live(5, "precious"))).isEqualTo(new Applied());
        assertThat(rig.read("a")).isEqualTo("precious");
        rig.store().damageRepaired(leafOf("a"));
        assertThat(rig.store().damagedLeaves().isEmpty()).isTrue();
        assertThat(rig.read("a")).isEqualTo("precious");
    }

    @Test
    @DisplayName("P11: a version is held in memory's eyes until its record is known to be damaged")
    void aVersionIsHeldUntilItsRecordIsKnownToBeDamaged() {
        rig.apply("a", live(5, "precious"));
        assertThat(rig.store().holds(key("a"), version(5))).isTrue();
        assertThat(rig.store().holds(key("a"), version(4))).isFalse();
        assertThat(rig.store().holds(key("b"), version(5))).isFalse();
        harm("precious");
        assertThat(rig.read("a")).isEqualTo("damaged");
        assertThat(rig.store().holds(key("a"), version(5))).isFalse();
    }

    @Test
    @DisplayName("P11: what nobody else has is missing once the leaf has been compared")
    void whatNobodyElseHasIsMissingAfterTheComparison() {
        rig.apply("a", live(5, "precious"));
        harm("precious");
        assertThat(rig.read("a")).isEqualTo("damaged");
        rig.store().damageRepaired(leafOf("a"));
        assertThat(rig.read("a")).isEqualTo("missing");
    }

    @Test
    @DisplayName(
            "P11: while a lost record may be the newest, an older one is not served in its place")
    void anOlderRecordIsNotServedInPlaceOfALostOne() {
        rig.apply("a", live(1, "old value"));
        rig.apply("b", live(1, "untouched"));
        rig.apply("a", live(2, "new value"));
        rig.apply("c", live(3, "after it"));
        rig.killProcess();
        harm("new value");
        rig.open();
        assertThat(rig.read("a")).isEqualTo("damaged");
        assertThat(rig.read("nothing")).isEqualTo("damaged");
        assertThat(rig.read("c")).isEqualTo("after it");
        rig.apply("a", live(1, "late hint"));
        assertThat(rig.read("a")).isEqualTo("damaged");
        assertThat(rig.store().damagedLeaves().cardinality()).isEqualTo(KeyIndex.LEAVES);

        rig.apply("a", live(2, "new value"));
        for (int leaf = 0; leaf < KeyIndex.LEAVES; leaf++) {
            rig.store().damageRepaired(leaf);
        }
        assertThat(rig.read("a")).isEqualTo("new value");
        assertThat(rig.read("nothing")).isEqualTo("missing");
        rig.loop.runFor(3000);
        rig.losePower();
        rig.open();
        assertThat(rig.read("a")).isEqualTo("new value");
        assertThat(rig.store().damagedLeaves().isEmpty()).isTrue();
    }

    @Test
    @DisplayName("P11: doubt about leaves outlives a restart")
    void doubtOutlivesARestart() {
        rig.apply("a", live(1, "old value"));
        rig.apply("b", live(2, "lost value"));
        rig.apply("c", live(3, "after it"));
        rig.killProcess();
        harm("lost value");
        rig.open();
        assertThat(rig.read("b")).isEqualTo("damaged");
        rig.loop.runFor(3000);
        rig.losePower();
        rig.open();
        assertThat(rig.read("b")).isEqualTo("damaged");
        assertThat(rig.read("a")).isEqualTo("damaged");
        assertThat(rig.read("c")).isEqualTo("after it");
    }

    @Test
    @DisplayName("P11: compaction neither copies a harmed record nor drops it without a word")
    void compactionMeetsAHarmedRecord() {
        rig.apply("a", live(5, "precious"));
        rig.fill(100, 10);
        harm("precious");
        rig.compact();
        assertThat(rig.read("a")).isEqualTo("damaged");
        assertThat(rig.read("k50")).isEqualTo("value of k50");
        rig.losePower();
        rig.open();
        assertThat(rig.read("a")).isIn("damaged", "missing");
    }

    @Test
    @DisplayName("P9: a full disk refuses writes, takes deletes, answers reads and recovers")
    void aFullDiskRefusesWritesAndTakesDeletes() {
        rig.loop.runFor(2000);
        rig.apply("a", live(1, "kept"));
        rig.disk.setCapacityBytes(rig.disk.usedBytes() + 200);
        ApplyResult last = new Applied();
        for (int i = 0; i < 500 && last instanceof Applied; i++) {
            last = rig.apply("x" + i, live(i, "a value of some length"));
        }
        assertThat(last).isInstanceOf(DiskFull.class);
        assertThat(rig.read("a")).isEqualTo("kept");
        assertThat(rig.apply("a", tombstone(9))).isEqualTo(new Applied());
        assertThat(rig.read("a")).isEqualTo("deleted");
        assertThat(rig.apply("b", live(1, "x"))).isInstanceOf(DiskFull.class);
        rig.disk.setCapacityBytes(Long.MAX_VALUE);
        rig.loop.runFor(3000);
        assertThat(rig.apply("b", live(1, "x"))).isEqualTo(new Applied());
        rig.losePower();
        rig.open();
        assertThat(List.of(rig.read("a"), rig.read("b"))).containsExactly("deleted", "x");
        assertThat(rig.fatal).isEmpty();
    }

    @Test
    @DisplayName("dead bytes stay at or below half of the log while keys are overwritten for long")
    void deadBytesStayBelowHalf() {
        rig.killProcess();
        rig.options =
                rig.options
                        .withLog(rig.options.log().withSegments(2048, 512))
                        .withMaintenance(16 << 10, 8192, 1 << 20, 5);
        rig.open();
        double most = 0;
        for (long round = 0; round < 100; round++) {
            rig.fill(400, round * 400);
            rig.loop.runFor(20);
            if (round > 10) {
                most = Math.max(most, rig.store().status().deadShare());
            }
        }
        assertThat(most).isLessThanOrEqualTo(0.5);
        assertThat(rig.store().status().compaction().segments()).isGreaterThan(100);
        assertThat(rig.store().status().snapshot().atMillis()).isPositive();
        rig.losePower();
        rig.open();
        assertThat(rig.read("k99")).isEqualTo("value of k99");
        assertThat(rig.store().liveKeys()).isEqualTo(400);
    }

    @Test
    @DisplayName("P7, P9: a tombstone that waits for the reserve covers what comes meanwhile")
    void aTombstoneThatWaitsForTheReserveStillCovers() {
        rig.apply("k", live(1, "old"));
        rig.loop.runFor(3000);
        rig.disk.setCapacityBytes(rig.disk.usedBytes());
        List<ApplyResult> delete = new ArrayList<>();
        List<ApplyResult> put = new ArrayList<>();
        List<ApplyResult> olderDelete = new ArrayList<>();
        rig.store().apply(key("k"), tombstone(10), delete::add);
        rig.store().apply(key("k"), live(11, "x".repeat(3000)), put::add);
        rig.loop.runUntil(() -> !put.isEmpty(), StoreRig.MINUTE);
        assertThat(put.getFirst()).isInstanceOf(DiskFull.class);
        rig.store().apply(key("k"), tombstone(5), olderDelete::add);
        rig.loop.runUntil(() -> !delete.isEmpty() && !olderDelete.isEmpty(), StoreRig.MINUTE);
        assertThat(rig.store().version(key("k"))).isEqualTo(version(10));
        rig.disk.setCapacityBytes(Long.MAX_VALUE);
        rig.loop.runFor(5000);
        assertThat(rig.apply("k", live(7, "late"))).isEqualTo(new Superseded(version(10)));
        rig.compact();
        rig.losePower();
        rig.open();
        assertThat(rig.read("k")).isEqualTo("deleted");
    }

    @Test
    @DisplayName("P9: the reserve serves deletes after a restart on a full disk too")
    void theReserveServesDeletesAfterARestart() {
        rig.fill(60, 1);
        rig.loop.runFor(3000);
        assertThat(rig.disk.paths()).contains("kv/reserve");
        rig.killProcess();
        rig.disk.setCapacityBytes(rig.disk.usedBytes());
        rig.open();
        rig.loop.runFor(3000);
        for (int i = 0; i < 60; i++) {
            assertThat(rig.apply("k" + i, tombstone(1000 + i))).isEqualTo(new Applied());
        }
        assertThat(rig.compact()).startsWith("Compacted");
    }

    @Test
    @DisplayName("P11: what a lost segment held stays in doubt until it has been fetched again")
    void whatALostSegmentHeldStaysInDoubtOverTwoStarts() {
        rig.fill(300, 1);
        rig.snapshot();
        rig.killProcess();
        rig.disk.remove("kv/0000000001.seg");
        for (int start = 0; start < 2; start++) {
            rig.open();
            assertThat(rig.read("k0")).isEqualTo("damaged");
            rig.loop.runFor(10_000);
            rig.killProcess();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100})
    @DisplayName("P11: what was written since the snapshot stays in doubt if its segment is gone")
    void whatWasWrittenSinceTheSnapshotStaysInDoubt(int bytesLeft) {
        String segment = "kv/0000000001.seg";
        rig.fill(20, 10);
        rig.snapshot();
        rig.apply("since", live(5, "precious"));
        rig.killProcess();
        byte[] left = Arrays.copyOf(rig.disk.bytes(segment), bytesLeft);
        rig.disk.remove(segment);
        if (bytesLeft > 0) {
            rig.disk.put(segment, left);
        }
        rig.open();
        assertThat(rig.read("since")).isEqualTo("damaged");
    }

    @Test
    @DisplayName("P9, P11: compaction goes on past records that cannot be read")
    void anUnreadableRecordDoesNotStopCompaction() {
        rig.fill(300, 1);
        rig.disk.setFaults((operation, path, ordinal) ->
                operation == SimDisk.Operation.READ && path.equals("kv/0000000001.seg")
                        ? new IOException("Input/output error")
                        : null);
        assertThat(rig.compact()).startsWith("Compacted");
        assertThat(rig.store().damagedLeaves().cardinality()).isPositive();
    }

    @Test
    @DisplayName("P11: a sector that cannot be read keeps no node from starting, in whatever file")
    void aSectorThatCannotBeReadKeepsNoNodeFromStarting() {
        rig.apply("a", live(5, "precious"));
        rig.store().snapshot(done -> {});
        rig.store().setSynchronised(true, () -> {});
        rig.loop.runFor(3_000);
        List<String> paths = rig.disk.paths();
        assertThat(paths).contains("kv/0000000001.seg", "kv/manifest", "kv/snapshot", "node.json");
        for (String path : paths) {
            rig.killProcess();
            rig.disk.spoilSector(path, 0);
            rig.open();
            assertThat(rig.refused).as(path).isNull();
            assertThat(rig.read("a")).as(path).isIn("precious", "damaged");
            repair("a", live(5, "precious"));
            rig.read("a"); // Only now is a record that nothing has read yet met.
            repair("a", live(5, "precious"));
            assertThat(rig.read("a")).as(path).isEqualTo("precious");
            rig.loop.runFor(3_000);
        }
    }

    /** What anti-entropy does: takes what the others have, then trusts all leaves again. */
    private void repair(String key, Cell cell) {
        rig.apply(key, cell);
        for (int leaf = 0; leaf < KeyIndex.LEAVES; leaf++) {
            rig.store().damageRepaired(leaf);
        }
    }

    @Test
    @DisplayName("P11: records at the end that cannot be read are not taken for unused space")
    void anUnreadableEndIsNotUnusedSpace() {
        rig.apply("a", live(5, "old value"));
        rig.apply("a", live(6, "new value"));
        rig.killProcess();
        String segment = "kv/0000000001.seg";
        String text = new String(rig.disk.bytes(segment), StandardCharsets.ISO_8859_1);
        rig.disk.spoilSector(segment, text.indexOf("new value"));
        rig.open();
        assertThat(rig.refused).isNull();
        assertThat(rig.read("a")).isEqualTo("damaged");
        repair("a", live(6, "new value"));
        rig.loop.runFor(3_000);
        rig.killProcess();
        rig.open();
        assertThat(rig.read("a")).isEqualTo("new value");
    }
}

package dev.minidynamo.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.store.ApplyResult.Applied;
import dev.minidynamo.store.ApplyResult.DiskFull;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When compaction begins, and how much it copies. */
class StoreCompactionTest {

    private static final long COMPACT_FROM = 128 << 10;

    private final StoreRig rig = new StoreRig(1);

    @BeforeEach
    void openWithSmallSegments() {
        rig.options =
                rig.options
                        .withLog(rig.options.log().withSegments(32 << 10, 1024))
                        .withMaintenance(1 << 30, COMPACT_FROM, 1 << 30, 5);
        rig.open();
    }

    @Test
    @DisplayName("a log that is small is not compacted, however much of it is dead")
    void aSmallLogIsLeftAlone() {
        for (long round = 0; rig.store().status().log().bytes() < COMPACT_FROM - 16_000; round++) {
            rig.fill(100, round * 100);
            rig.loop.runFor(20);
        }
        assertThat(rig.store().status().deadShare()).isGreaterThan(0.8);
        assertThat(rig.store().status().compaction().segments()).isZero();
    }

    @Test
    @DisplayName(
            "few keys that are overwritten for long cost a copy for every fourth write or less")
    void compactionCopiesLittleOfASmallStore() {
        for (long round = 0; round < 500; round++) {
            rig.fill(200, round * 200);
            rig.loop.runFor(20);
        }
        StoreStatus status = rig.store().status();
        long written = 500 * status.liveBytes();
        assertThat(status.compaction().segments()).isGreaterThan(20);
        assertThat(status.compaction().movedBytes()).isLessThan(written / 4);
        assertThat(status.log().bytes()).isLessThan(2 * COMPACT_FROM);
    }

    @Test
    @DisplayName("P9: on a full disk a small log is compacted too, and then takes writes again")
    void aFullDiskIsReasonEnough() {
        rig.disk.setCapacityBytes(80 << 10);
        ApplyResult last = new Applied();
        for (int i = 0; i < 5_000 && last instanceof Applied; i++) {
            last = rig.apply("k" + i % 50, StoreRig.live(i, "a value of some length"));
        }
        assertThat(last).isInstanceOf(DiskFull.class);
        assertThat(rig.store().status().log().bytes()).isLessThan(COMPACT_FROM);
        rig.loop.runUntil(() -> rig.store().status().compaction().segments() > 0, StoreRig.MINUTE);
        rig.loop.runFor(3000);
        assertThat(rig.apply("k1", StoreRig.live(10_000, "x"))).isEqualTo(new Applied());
        assertThat(rig.fatal).isEmpty();
    }
}

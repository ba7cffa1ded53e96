package dev.minidynamo.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.sim.SimRandom;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.BitSet;
import java.util.List;

@DisplayName("What a store is complete for is on its disk (P5)")
class CompletePartitionsTest {

    private final StoreRig rig = new StoreRig(1).open();

    private static BitSet of(int... partitions) {
        BitSet set = new BitSet();
        for (int partition : partitions) {
            set.set(partition);
        }
        return set;
    }

    private BitSet known() {
        return rig.store().completePartitions().known();
    }

    private void reopen() {
        rig.losePower();
        rig.open();
    }

    @Test
    void aNewDirectoryKnowsNothing() {
        assertThat(known()).isNull();
    }

    @Test
    void whatWasSaidToBeDurableOutlivesAPowerLoss() {
        boolean[] durable = {false};
        rig.store().completePartitions().replace(of(1, 500), () -> durable[0] = true);
        assertThat(rig.loop.runUntil(() -> durable[0], 1_000)).isTrue();
        reopen();
        assertThat(known()).isEqualTo(of(1, 500));
        rig.store().completePartitions().add(16_383);
        rig.loop.runFor(1_500);
        reopen();
        assertThat(known()).isEqualTo(of(1, 500, 16_383));
    }

    @Test
    @DisplayName("P9: on a full disk it is written when there is space again")
    void onAFullDiskItIsWrittenLater() {
        boolean[] durable = {false};
        rig.disk.setCapacityBytes(rig.disk.usedBytes());
        rig.store().completePartitions().replace(of(3), () -> durable[0] = true);
        rig.loop.runFor(10_000);
        assertThat(durable[0]).isFalse();
        rig.disk.setCapacityBytes(Long.MAX_VALUE);
        assertThat(rig.loop.runUntil(() -> durable[0], 1_500)).isTrue();
        reopen();
        assertThat(known()).isEqualTo(of(3));
    }

    @Test
    @DisplayName("P11: of a damaged file nothing is believed, and the bytes are kept aside")
    void ofADamagedFileNothingIsBelieved() {
        rig.store().completePartitions().replace(of(1, 500), () -> {});
        rig.loop.runFor(100);
        byte[] whole = rig.disk.bytes("kv/complete");
        SimRandom random = new SimRandom(3);
        for (int i = 0; i < 50; i++) {
            rig.killProcess();
            rig.disk.put("kv/complete", whole.clone());
            rig.disk.flipBit("kv/complete", random.nextInt(whole.length * 8));
            rig.open();
            assertThat(known()).isEqualTo(of());
            assertThat(rig.store().status().start().notes()).hasSize(1);
        }
        List<String> kept =
                rig.disk.paths().stream().filter(path -> path.contains("complete-")).toList();
        assertThat(kept).isNotEmpty();
    }
}

package dev.minidynamo.antientropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A tombstone is reaped only when nothing it hides can return (P7)")
class TombstoneReaperTest {

    private static final Key KEY = Key.utf8("key");
    private static final long PASSES = 200_000;

    private final ReplicaNet net = new ReplicaNet(1, 5, 3, 2);
    private Cell tombstone;

    @BeforeEach
    void start() {
        net.startFresh();
        tombstone = net.tombstone(11 * ReplicaNet.DAY);
    }

    private void putOnOwners(Cell cell) {
        net.ring
                .preferenceList(KEY)
                .primaries()
                .forEach(owner -> net.nodes.get(owner).put("key", cell));
        net.loop.runFor(10);
    }

    private ReplicaNode owner(int index) {
        return net.nodes.get(net.ring.preferenceList(KEY).primaries().get(index));
    }

    private ReplicaNode nonOwner() {
        return net.nodes.get(net.ring.preferenceList(KEY).fallbacks().getFirst());
    }

    private boolean isGone() {
        return net.nodes.values().stream().allMatch(node -> node.size() == 0);
    }

    private String because() {
        return owner(0).reaper.status().partitions().getFirst().because();
    }

    @Test
    void anOldTombstoneThatAllConfirmLeavesAllOwners() {
        putOnOwners(tombstone);
        net.loop.runFor(PASSES);
        assertThat(isGone()).isTrue();
        assertThat(owner(0).reaper.status().reaped()).isEqualTo(1);
    }

    @Test
    void anExpiredValueLeavesWhenItHasBeenDeadForTheGrace() {
        long expired = net.now() - 11 * ReplicaNet.DAY;
        putOnOwners(
                new Cell.Live(
                        net.version(12 * ReplicaNet.DAY), new byte[9], "text/plain", expired));
        net.loop.runFor(PASSES);
        assertThat(isGone()).isTrue();
    }

    @Test
    void aYoungTombstoneStaysAndSaysUntilWhen() {
        putOnOwners(net.tombstone(9 * ReplicaNet.DAY));
        net.loop.runFor(PASSES);
        assertThat(owner(0).size()).isEqualTo(1);
        assertThat(because()).startsWith("too young until 2026-");
    }

    @Test
    void nothingIsReapedWhileANodeIsDown() {
        nonOwner().kill();
        net.loop.runFor(5_000);
        putOnOwners(tombstone);
        net.loop.runFor(PASSES);
        assertThat(owner(0).size()).isEqualTo(1);
        assertThat(because()).isEqualTo("node " + nonOwner().id + " is down");
        nonOwner().startAndWait();
        net.loop.runFor(PASSES);
        assertThat(isGone()).isTrue();
    }

    @Test
    void nothingIsReapedWhileAnOlderHintMayStillBeDelivered() {
        nonOwner().olderHints.put(KEY, net.version(12 * ReplicaNet.DAY));
        putOnOwners(tombstone);
        net.loop.runFor(PASSES);
        assertThat(owner(0).size()).isEqualTo(1);
        assertThat(because()).contains("node " + nonOwner().id + " has not confirmed");
        nonOwner().olderHints.clear();
        net.loop.runFor(PASSES);
        assertThat(isGone()).isTrue();
    }

    @Test
    void nothingIsReapedWhileAnOwnerLacksTheDelete() {
        net.nodes.values().forEach(node -> node.antiEntropy.setEnabled(false));
        owner(0).put("key", tombstone);
        owner(1).put("key", tombstone);
        owner(2).put("key", net.live(12 * ReplicaNet.DAY, 5));
        net.loop.runFor(PASSES);
        assertThat(owner(0).size()).isEqualTo(1);
        assertThat(because()).contains("node " + owner(2).id + " has not confirmed");
        net.nodes.values().forEach(node -> node.antiEntropy.setEnabled(true));
        net.loop.runFor(PASSES);
        assertThat(isGone()).isTrue();
    }

    @Test
    void aNonOwnerWithAnOlderCopyHoldsItBackUntilTheCopyHasLeft() {
        putOnOwners(tombstone);
        nonOwner().put("key", net.live(12 * ReplicaNet.DAY, 5));
        net.loop.runFor(PASSES);
        assertThat(isGone()).isTrue();
    }

    @Test
    void aTombstoneThatComesBackAfterItsReapingIsReapedAgain() {
        putOnOwners(tombstone);
        assertThat(net.loop.runUntil(() -> owner(0).reaper.status().reaped() == 1, PASSES))
                .isTrue();
        net.loop.runFor(10);
        owner(2).put("key", tombstone);
        net.loop.runFor(5);
        assertThat(isGone()).isFalse();
        net.loop.runFor(PASSES);
        assertThat(isGone()).isTrue();
        assertThat(owner(0).reaper.status().reaped()).isEqualTo(2);
    }

    @Test
    void thousandsOfTombstonesLeaveInOnePass() {
        for (int i = 0; i < 2_000; i++) {
            String key = "key-" + i;
            Cell cell = net.tombstone(11 * ReplicaNet.DAY);
            net.ring
                    .preferenceList(Key.utf8(key))
                    .primaries()
                    .forEach(owner -> net.nodes.get(owner).put(key, cell));
        }
        net.loop.runFor(PASSES);
        assertThat(isGone()).isTrue();
    }

    @Test
    void aGraceThatAHintCanOutliveIsRefusedWithASentence() {
        AntiEntropyOptions options = AntiEntropyOptions.defaults(2);
        options.requireGraceBeyond(3 * 3_600_000, 60_000);
        assertThatThrownBy(() -> options.requireGraceBeyond(10 * ReplicaNet.DAY, 60_000))
                .hasMessageStartingWith(
                        "the tombstone grace is 864000000 ms; it must exceed 864060000");
    }
}

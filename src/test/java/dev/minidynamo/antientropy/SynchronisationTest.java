package dev.minidynamo.antientropy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A node that lost its disk, or was away for long, synchronises before it serves (P7, P13)")
class SynchronisationTest {

    private static final long OLD = 60_000;

    private static ReplicaNet filled(int size, int n, int w, int keys) {
        ReplicaNet net = new ReplicaNet(7, size, n, w);
        net.startFresh();
        for (int i = 0; i < keys; i++) {
            String key = "key-" + i;
            Cell cell = net.live(OLD, 20);
            net.ring
                    .preferenceList(Key.utf8(key))
                    .primaries()
                    .forEach(owner -> net.nodes.get(owner).put(key, cell));
        }
        net.loop.runFor(100);
        return net;
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "2,2,1", "2,2,2", "3,3,1", "3,3,2", "3,3,3", "5,3,2", "5,5,3", "7,3,2"})
    void aFreshClusterIsReadyWithinASecond(int size, int n, int w) {
        ReplicaNet net = new ReplicaNet(1, size, n, w);
        net.nodes.values().forEach(ReplicaNode::start);
        assertThat(net.loop.runUntil(net::allSynchronised, 900)).isTrue();
    }

    @Test
    void aFreshNodeAloneWaitsForTheOthers() {
        ReplicaNet net = new ReplicaNet(1, 3, 3, 2);
        net.node(1).start();
        net.loop.runFor(60_000);
        assertThat(net.node(1).synchronised()).isFalse();
        assertThat(net.node(1).antiEntropy.status().notSynchronisedBecause()).isEqualTo("blank");
    }

    @ParameterizedTest
    @CsvSource({"3,3,2", "5,3,2", "5,5,3"})
    void aLostDiskIsFilledAgainAndOnlyThenCounts(int size, int n, int w) {
        ReplicaNet net = filled(size, n, w, 3_000);
        net.node(2).loseDisk();
        net.node(2).start();
        boolean[] early = {false};
        boolean[] pushed = {false};
        net.forgetCounts();
        while (!net.node(2).synchronised()) {
            assertThat(net.loop.nowMillis()).isLessThan(60_000);
            early[0] |= net.node(2).membership.synchronised(net.node(2).id);
            pushed[0] |= net.pushesFrom.containsKey(net.node(2).id);
            net.loop.runOne();
        }
        assertThat(early[0]).isFalse();
        assertThat(pushed[0]).isFalse();
        assertThat(net.converged()).isTrue();
    }

    @Test
    void aBlankNodeNeedsAllOwnersThatCouldHoldTheOnlyCopy() {
        ReplicaNet net = filled(3, 3, 2, 10);
        Cell only = net.live(OLD, 20);
        net.node(3).put("only", only);
        net.node(2).put("only", only);
        net.loop.runFor(5);
        net.node(3).kill();
        net.node(2).loseDisk();
        net.node(2).start();
        net.loop.runFor(30_000);
        assertThat(net.node(2).synchronised()).isFalse();
        net.node(3).start();
        assertThat(net.loop.runUntil(() -> net.node(2).synchronised(), 10_000)).isTrue();
        assertThat(net.node(2).cells()).containsEntry(Key.utf8("only"), only);
    }

    @Test
    void aBlankNodeThatStopsHalfwayIsStillNotSynchronisedAfterItsRestart() {
        ReplicaNet net = filled(3, 3, 2, 3_000);
        net.node(3).kill();
        net.node(2).loseDisk();
        net.node(2).start();
        net.loop.runFor(3_000);
        net.node(2).kill();
        net.node(2).start();
        net.loop.runFor(3_000);
        assertThat(net.node(2).synchronised()).isFalse();
        net.node(3).start();
        assertThat(net.loop.runUntil(net::allSynchronised, 30_000)).isTrue();
        assertThat(net.converged()).isTrue();
    }

    @Test
    void aNodeThatWasAwayForLongerThanTheGraceDoesNotBringBackWhatWasReaped() {
        ReplicaNet net = filled(3, 3, 2, 1_000);
        Cell zombie = net.live(20 * ReplicaNet.DAY, 20);
        net.node(2).kill();
        net.node(2).disk.cells.put(Key.utf8("zombie"), zombie);
        net.node(2).disk.alive = net.now() - 11 * ReplicaNet.DAY;
        net.node(2).start();
        assertThat(net.node(2).synchronised()).isFalse();
        for (int i = 0; i < 300; i++) {
            net.loop.runFor(100);
            assertThat(net.node(1).cells()).doesNotContainKey(Key.utf8("zombie"));
            assertThat(net.node(3).cells()).doesNotContainKey(Key.utf8("zombie"));
        }
        assertThat(net.node(2).synchronised()).isTrue();
        assertThat(net.node(2).cells()).doesNotContainKey(Key.utf8("zombie")).hasSize(1_000);
        assertThat(net.node(2).antiEntropy.status().droppedAsReaped()).isEqualTo(1);
    }

    @Test
    void anOldBackupThatCrashesBeforeItHasSynchronisedStillBringsNothingBack() {
        ReplicaNet net = filled(3, 3, 2, 100);
        net.node(2).kill();
        net.node(3).kill();
        net.node(2).disk.cells.put(Key.utf8("zombie"), net.live(20 * ReplicaNet.DAY, 20));
        net.node(2).disk.alive = net.now() - 11 * ReplicaNet.DAY;
        net.node(2).start();
        net.loop.runFor(2_000);
        net.node(2).kill();
        net.node(2).start();
        net.loop.runFor(2_000);
        net.node(3).start();
        assertThat(net.loop.runUntil(net::allSynchronised, 30_000)).isTrue();
        assertThat(net.converges(5_000)).isTrue();
        net.nodes
                .values()
                .forEach(n -> assertThat(n.cells()).doesNotContainKey(Key.utf8("zombie")));
    }

    @Test
    void aNodeThatWasAwayKeepsAnAcknowledgedWriteThatOneSynchronisedOwnerLacks() {
        ReplicaNet net = filled(3, 3, 2, 10);
        Cell acknowledged = net.live(20 * ReplicaNet.DAY, 20);
        net.node(2).kill();
        net.node(3).kill();
        net.node(2).disk.cells.put(Key.utf8("kept"), acknowledged);
        net.node(3).disk.cells.put(Key.utf8("kept"), acknowledged);
        net.node(2).disk.alive = net.now() - 11 * ReplicaNet.DAY;
        net.node(2).start();
        net.node(3).start();
        assertThat(net.loop.runUntil(net::allSynchronised, 30_000)).isTrue();
        assertThat(net.converges(10_000)).isTrue();
        assertThat(net.node(1).cells()).containsKey(Key.utf8("kept"));
    }

    @Test
    void aClusterThatWasSwitchedOffForLongerThanTheGraceLosesNothing() {
        ReplicaNet net = filled(3, 3, 2, 300);
        net.nodes.values().forEach(ReplicaNode::kill);
        for (ReplicaNode node : net.nodes.values()) {
            node.disk.cells.put(Key.utf8("of-" + node.id), net.live(20 * ReplicaNet.DAY, 20));
            node.disk.alive = net.now() - 30 * ReplicaNet.DAY;
        }
        net.nodes.values().forEach(ReplicaNode::start);
        assertThat(net.loop.runUntil(net::allSynchronised, 30_000)).isTrue();
        assertThat(net.converges(20_000)).isTrue();
        assertThat(net.node(1).cells()).hasSize(303);
    }

    @Test
    void aClusterThatWasSwitchedOffForLongStartsWithoutItsDeadMember() {
        ReplicaNet net = filled(3, 3, 2, 300);
        net.nodes.values().forEach(ReplicaNode::kill);
        net.node(1).disk.alive = net.now() - 30 * ReplicaNet.DAY;
        net.node(2).disk.alive = net.now() - 30 * ReplicaNet.DAY;
        net.node(1).start();
        net.node(2).start();
        assertThat(
                        net.loop.runUntil(
                                () -> net.node(1).synchronised() && net.node(2).synchronised(),
                                30_000))
                .isTrue();
    }

    @Test
    void twoNodesThatWereAwayWhileTheThirdWasNotFindTogetherAgain() {
        ReplicaNet net = filled(3, 3, 2, 300);
        net.node(1).kill();
        net.node(2).kill();
        net.node(1).disk.alive = net.now() - 30 * ReplicaNet.DAY;
        net.node(2).disk.alive = net.now() - 30 * ReplicaNet.DAY;
        net.node(1).start();
        net.node(2).start();
        assertThat(net.loop.runUntil(net::allSynchronised, 30_000)).isTrue();
        assertThat(net.converges(10_000)).isTrue();
        assertThat(net.node(3).cells()).hasSize(300);
    }

    @Test
    void aLostDiskAndALongAbsenceAtOnceLoseNothingThatWasAcknowledged() {
        ReplicaNet net = filled(3, 3, 2, 300);
        net.node(1).kill();
        net.node(2).kill();
        net.node(1).disk.cells.put(Key.utf8("last-copy"), net.live(20 * ReplicaNet.DAY, 20));
        net.node(1).disk.alive = net.now() - 30 * ReplicaNet.DAY;
        net.node(2).loseDisk();
        net.node(1).start();
        net.node(2).start();
        assertThat(net.loop.runUntil(net::allSynchronised, 30_000)).isTrue();
        assertThat(net.converges(10_000)).isTrue();
        assertThat(net.node(3).cells()).hasSize(301);
    }

    @Test
    void aNodeWithDamagedLeavesComparesTheseOnlyAndThenCounts() {
        ReplicaNet net = filled(3, 3, 2, 3_000);
        net.node(2).kill();
        Key lost = Key.utf8("key-17");
        net.node(2).disk.cells.remove(lost);
        int leaf = HashTree.leafOf(dev.minidynamo.ring.Ring.tokenOf(lost));
        net.node(2).disk.damaged.set(leaf);
        net.node(2).start();
        assertThat(net.node(2).synchronised()).isFalse();
        assertThat(net.node(2).antiEntropy.status().partitionsToSynchronise()).isEqualTo(1);
        assertThat(net.loop.runUntil(() -> net.node(2).synchronised(), 5_000)).isTrue();
        assertThat(net.node(2).cells()).containsKey(lost);
        assertThat(net.node(2).disk.damaged.isEmpty()).isTrue();
    }

    @Test
    void twoNodesDamagedInTheSameLeafDoNotWaitForEachOther() {
        ReplicaNet net = filled(3, 3, 2, 100);
        for (int i = 1; i <= 2; i++) {
            net.node(i).kill();
            net.node(i).disk.damaged.set(0, HashTree.LEAVES);
            net.node(i).start();
        }
        assertThat(net.loop.runUntil(net::allSynchronised, 10_000)).isTrue();
    }

    @Test
    void aNodeSynchronisesWithAntiEntropySwitchedOff() {
        ReplicaNet net = filled(3, 3, 2, 500);
        net.nodes.values().forEach(node -> node.antiEntropy.setEnabled(false));
        net.node(2).loseDisk();
        net.node(2).start();
        net.node(2).antiEntropy.setEnabled(false);
        assertThat(net.loop.runUntil(() -> net.node(2).synchronised(), 10_000)).isTrue();
        assertThat(net.converged()).isTrue();
        net.node(1).put("later", net.live(OLD, 1));
        net.loop.runFor(20_000);
        assertThat(net.node(2).cells()).doesNotContainKey(Key.utf8("later"));
    }
}

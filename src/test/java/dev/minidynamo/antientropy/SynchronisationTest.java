package dev.minidynamo.antientropy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.sim.SimDisk;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName(
        "A node that lost its disk, or was away for long, synchronises before it serves (P7, P13)")
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
        net.nodes.values().forEach(ReplicaNode::startAndWait);
        assertThat(net.loop.runUntil(net::allSynchronised, 900)).isTrue();
    }

    @Test
    void aFreshNodeAloneWaitsForTheOthers() {
        ReplicaNet net = new ReplicaNet(1, 3, 3, 2);
        net.node(1).startAndWait();
        net.loop.runFor(60_000);
        assertThat(net.node(1).synchronised()).isFalse();
        assertThat(net.node(1).antiEntropy.status().notSynchronisedBecause()).isEqualTo("blank");
    }

    @ParameterizedTest
    @CsvSource({"3,3,2", "5,3,2", "5,5,3"})
    void aLostDiskIsFilledAgainAndOnlyThenCounts(int size, int n, int w) {
        ReplicaNet net = filled(size, n, w, 3_000);
        net.node(2).loseDisk();
        net.node(2).startAndWait();
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
        net.node(2).startAndWait();
        net.loop.runFor(30_000);
        assertThat(net.node(2).synchronised()).isFalse();
        net.node(3).startAndWait();
        assertThat(net.loop.runUntil(() -> net.node(2).synchronised(), 10_000)).isTrue();
        assertThat(net.node(2).cell("only")).isEqualTo(only);
    }

    @Test
    void aBlankNodeThatStopsHalfwayIsStillNotSynchronisedAfterItsRestart() {
        ReplicaNet net = filled(3, 3, 2, 3_000);
        net.node(3).kill();
        net.node(2).loseDisk();
        net.node(2).startAndWait();
        net.loop.runFor(3_000);
        net.node(2).kill();
        net.node(2).startAndWait();
        net.loop.runFor(3_000);
        assertThat(net.node(2).synchronised()).isFalse();
        net.node(3).startAndWait();
        assertThat(net.loop.runUntil(net::allSynchronised, 30_000)).isTrue();
        assertThat(net.converged()).isTrue();
    }

    @Test
    void aNodeThatWasAwayForLongerThanTheGraceDoesNotBringBackWhatWasReaped() {
        ReplicaNet net = filled(3, 3, 2, 1_000);
        net.node(2).rememberLastAlive(net.now() - 11 * ReplicaNet.DAY);
        net.node(2).plantAndKill("zombie", net.live(20 * ReplicaNet.DAY, 20));
        net.node(2).startAndWait();
        assertThat(net.node(2).synchronised()).isFalse();
        assertThat(net.node(2).hasLive("zombie")).isTrue();
        for (int i = 0; i < 100; i++) {
            net.loop.runFor(100);
            assertThat(net.node(1).hasLive("zombie")).isFalse();
            assertThat(net.node(3).hasLive("zombie")).isFalse();
        }
        assertThat(net.node(2).synchronised()).isTrue();
        assertThat(net.node(2).antiEntropy.status().buriedAsReaped()).isEqualTo(1);
        net.node(2).kill();
        net.node(2).startAndWait();
        net.loop.runFor(200_000);
        net.nodes.values().forEach(node -> assertThat(node.cell("zombie")).isNull());
        assertThat(net.node(2).size()).isEqualTo(1_000);
    }

    @Test
    void anOldBackupThatCrashesBeforeItHasSynchronisedStillBringsNothingBack() {
        ReplicaNet net = filled(3, 3, 2, 100);
        net.node(3).kill();
        net.node(2).rememberLastAlive(net.now() - 11 * ReplicaNet.DAY);
        net.node(2).plantAndKill("zombie", net.live(20 * ReplicaNet.DAY, 20));
        net.node(2).startAndWait();
        net.loop.runFor(2_000);
        net.node(2).rememberLastAlive(net.now());
        net.node(2).kill();
        net.node(2).startAndWait();
        net.loop.runFor(2_000);
        net.node(3).startAndWait();
        assertThat(net.loop.runUntil(net::allSynchronised, 30_000)).isTrue();
        assertThat(net.converges(5_000)).isTrue();
        net.nodes.values().forEach(n -> assertThat(n.hasLive("zombie")).isFalse());
    }

    @Test
    void aBackupThatIsYoungerThanTheGraceIsRecognisedByWhatThePeersSaw() {
        ReplicaNet net = filled(3, 3, 2, 100);
        net.loop.runFor(2_000);
        SimDisk backup = net.node(2).copyOfDisk();
        Cell later = net.live(0, 20);
        net.node(2).put("later", later);
        net.node(3).put("later", later);
        net.loop.runFor(1_000);
        net.node(3).kill();
        net.node(2).restore(backup);
        net.node(2).startAndWait();
        assertThat(net.node(2).synchronised()).isFalse();
        net.loop.runFor(3_000);
        assertThat(net.node(2).synchronised()).isFalse();
        assertThat(net.node(2).antiEntropy.status().notSynchronisedBecause()).isEqualTo("away");
        net.node(3).startAndWait();
        assertThat(net.loop.runUntil(net::allSynchronised, 30_000)).isTrue();
        assertThat(net.node(2).cell("later")).isEqualTo(later);
    }

    @Test
    void aNodeThatLostNothingIsTrustedAsSoonAsItsPeersHaveAnswered() {
        ReplicaNet net = filled(3, 3, 2, 100);
        net.loop.runFor(2_000);
        net.node(2).kill();
        net.node(2).startAndWait();
        assertThat(net.node(2).antiEntropy.status().notSynchronisedBecause())
                .isEqualTo("unchecked");
        assertThat(net.loop.runUntil(() -> net.node(2).synchronised(), 10)).isTrue();
    }

    @Test
    void aNodeWhosePeerIsSilentIsTrustedAfterAWhile() {
        ReplicaNet net = filled(3, 3, 2, 100);
        net.node(2).kill();
        net.node(2).cutFrom.add(net.node(1).id);
        net.node(2).startAndWait();
        net.loop.runFor(2_000);
        assertThat(net.node(2).synchronised()).isFalse();
        assertThat(net.loop.runUntil(() -> net.node(2).synchronised(), 1_500)).isTrue();
    }

    @Test
    void aNodeThatWasAwayKeepsAnAcknowledgedWriteThatOneSynchronisedOwnerLacks() {
        ReplicaNet net = filled(3, 3, 2, 10);
        Cell acknowledged = net.live(20 * ReplicaNet.DAY, 20);
        net.node(2).rememberLastAlive(net.now() - 11 * ReplicaNet.DAY);
        net.node(2).plantAndKill("kept", acknowledged);
        net.node(3).plantAndKill("kept", acknowledged);
        net.node(2).startAndWait();
        net.node(3).startAndWait();
        assertThat(net.loop.runUntil(net::allSynchronised, 30_000)).isTrue();
        assertThat(net.converges(10_000)).isTrue();
        assertThat(net.node(1).cell("kept")).isNotNull();
    }

    @Test
    void aClusterThatWasSwitchedOffForLongerThanTheGraceLosesNothing() {
        ReplicaNet net = filled(3, 3, 2, 300);
        for (ReplicaNode node : net.nodes.values()) {
            node.rememberLastAlive(net.now() - 30 * ReplicaNet.DAY);
            node.plantAndKill("of-" + node.id, net.live(20 * ReplicaNet.DAY, 20));
        }
        net.nodes.values().forEach(ReplicaNode::startAndWait);
        assertThat(net.loop.runUntil(net::allSynchronised, 30_000)).isTrue();
        assertThat(net.converges(20_000)).isTrue();
        assertThat(net.node(1).size()).isEqualTo(303);
    }

    @Test
    void aClusterThatWasSwitchedOffForLongStartsWithoutItsDeadMember() {
        ReplicaNet net = filled(3, 3, 2, 300);
        net.node(1).rememberLastAlive(net.now() - 30 * ReplicaNet.DAY);
        net.node(2).rememberLastAlive(net.now() - 30 * ReplicaNet.DAY);
        net.nodes.values().forEach(ReplicaNode::kill);
        net.node(1).startAndWait();
        net.node(2).startAndWait();
        assertThat(
                        net.loop.runUntil(
                                () -> net.node(1).synchronised() && net.node(2).synchronised(),
                                30_000))
                .isTrue();
    }

    @Test
    void twoNodesThatWereAwayWhileTheThirdWasNotFindTogetherAgain() {
        ReplicaNet net = filled(3, 3, 2, 300);
        net.node(1).rememberLastAlive(net.now() - 30 * ReplicaNet.DAY);
        net.node(2).rememberLastAlive(net.now() - 30 * ReplicaNet.DAY);
        net.node(1).kill();
        net.node(2).kill();
        net.node(1).startAndWait();
        net.node(2).startAndWait();
        assertThat(net.loop.runUntil(net::allSynchronised, 30_000)).isTrue();
        assertThat(net.converges(10_000)).isTrue();
        assertThat(net.node(3).size()).isEqualTo(300);
    }

    @Test
    void aLostDiskAndALongAbsenceAtOnceLoseNothingThatWasAcknowledged() {
        ReplicaNet net = filled(3, 3, 2, 300);
        net.node(1).rememberLastAlive(net.now() - 30 * ReplicaNet.DAY);
        net.node(1).plantAndKill("last-copy", net.live(20 * ReplicaNet.DAY, 20));
        net.node(2).loseDisk();
        net.node(1).startAndWait();
        net.node(2).startAndWait();
        assertThat(net.loop.runUntil(net::allSynchronised, 30_000)).isTrue();
        assertThat(net.converges(10_000)).isTrue();
        assertThat(net.node(3).size()).isEqualTo(301);
    }

    @Test
    @DisplayName("A record that fails its checksum is fetched again from the others (P11)")
    void aRecordThatFailsItsChecksumIsFetchedAgain() {
        ReplicaNet net = filled(3, 3, 2, 300);
        net.node(2).flipBitIn("key-17");
        assertThat(net.node(2).cell("key-17")).isNull();
        assertThat(net.node(2).store.damagedLeaves().cardinality()).isEqualTo(1);
        assertThat(net.node(2).synchronised()).isTrue();
        net.loop.runFor(5_000);
        assertThat(net.node(2).cell("key-17")).isEqualTo(net.node(1).cell("key-17")).isNotNull();
        assertThat(net.node(2).store.damagedLeaves().isEmpty()).isTrue();
        assertThat(net.converged()).isTrue();
    }

    @Test
    @DisplayName("The same key damaged on two of three replicas comes back from the third (P11)")
    void theSameKeyDamagedOnTwoReplicasComesBackFromTheThird() {
        ReplicaNet net = filled(3, 3, 2, 300);
        Cell cell = net.node(3).cell("key-17");
        for (int i = 1; i <= 2; i++) {
            net.node(i).flipBitIn("key-17");
            assertThat(net.node(i).cell("key-17")).isNull();
        }
        net.loop.runFor(15_000);
        for (int i = 1; i <= 3; i++) {
            assertThat(net.node(i).cell("key-17")).isEqualTo(cell);
            assertThat(net.node(i).store.damagedLeaves().isEmpty()).isTrue();
        }
    }

    @ParameterizedTest(name = "which a read has just met: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("P5: a node that lost its disk waits for what a peer cannot give")
    void aPartitionOfWhichACellCannotBeHadStaysOpen(boolean met) {
        ReplicaNet net = filled(3, 3, 3, 300);
        Cell cell = net.node(3).cell("key-17");
        net.node(3).kill();
        net.node(2).flipBitIn("key-17");
        net.node(1).loseDisk();
        net.node(1).startAndWait();
        if (met) {
            assertThat(net.node(2).cell("key-17")).isNull();
        }
        assertThat(net.loop.runUntil(() -> net.node(1).synchronised(), 20_000)).isFalse();
        assertThat(net.node(1).size()).isEqualTo(299);
        net.node(3).startAndWait();
        assertThat(net.loop.runUntil(() -> net.node(1).synchronised(), 20_000)).isTrue();
        assertThat(net.node(1).cell("key-17")).isEqualTo(cell).isNotNull();
    }

    @Test
    @DisplayName("A damaged record keeps a node that starts from no other key (P3)")
    void aNodeWithADamagedRecordStartsWhileAPeerIsDown() {
        ReplicaNet net = filled(3, 3, 2, 300);
        net.node(3).kill();
        net.node(2).store.snapshot(done -> {}); // Else nobody knows whose record is damaged.
        net.loop.runFor(1_000);
        net.node(2).flipBitIn("key-17");
        assertThat(net.node(2).cell("key-17")).isNull();
        net.loop.runFor(1_000);
        net.node(2).kill();
        net.node(2).startAndWait();
        assertThat(net.loop.runUntil(() -> net.node(2).synchronised(), 10_000)).isTrue();
        assertThat(net.node(2).store.damagedLeaves().cardinality()).isEqualTo(1);
        net.node(3).startAndWait();
        assertThat(net.loop.runUntil(() -> net.node(2).store.damagedLeaves().isEmpty(), 30_000))
                .isTrue();
        assertThat(net.node(2).cell("key-17")).isEqualTo(net.node(1).cell("key-17")).isNotNull();
    }

    @Test
    @DisplayName("Damage in the log makes a node compare itself before it counts (P11)")
    void twoNodesWithDamagedLogsDoNotWaitForEachOther() {
        ReplicaNet net = filled(3, 3, 2, 300);
        Cell later = net.live(OLD, 20); // Tells recovery that what lies before it was durable.
        net.nodes.values().forEach(node -> node.put("later", later));
        net.loop.runFor(10);
        for (int i = 1; i <= 2; i++) {
            ReplicaNode node = net.node(i);
            node.kill();
            node.overwriteInTheMiddleOfTheLog();
            node.startAndWait();
            assertThat(node.synchronised()).isFalse();
            assertThat(node.antiEntropy.status().notSynchronisedBecause()).isEqualTo("damaged");
        }
        assertThat(net.loop.runUntil(net::allSynchronised, 10_000)).isTrue();
        assertThat(net.converges(5_000)).isTrue();
        assertThat(net.node(1).size()).isEqualTo(301);
        assertThat(net.node(1).store.damagedLeaves().isEmpty()).isTrue();
    }

    @Test
    void aNodeSynchronisesWithAntiEntropySwitchedOff() {
        ReplicaNet net = filled(3, 3, 2, 500);
        net.nodes.values().forEach(node -> node.antiEntropy.setEnabled(false));
        net.node(2).loseDisk();
        net.node(2).startAndWait();
        net.node(2).antiEntropy.setEnabled(false);
        assertThat(net.loop.runUntil(() -> net.node(2).synchronised(), 10_000)).isTrue();
        assertThat(net.converged()).isTrue();
        net.node(1).put("later", net.live(OLD, 1));
        net.loop.runFor(20_000);
        assertThat(net.node(2).cell("later")).isNull();
    }

    @Test
    @DisplayName("P1, P13: a blank node that restarts before it has synchronised is still blank")
    void aBlankNodeThatRestartsIsStillBlank() {
        ReplicaNet net = filled(3, 3, 2, 300);
        Cell acknowledged = net.live(20 * ReplicaNet.DAY, 20); // by n2 and n3
        for (int n = 1; n <= 3; n++) {
            net.node(n).rememberLastAlive(net.now() - 19 * ReplicaNet.DAY);
        }
        net.node(1).kill();
        net.node(2).plantAndKill("acknowledged", acknowledged);
        net.node(3).plantAndKill("acknowledged", acknowledged);
        net.node(2).loseDisk();
        for (int start = 0; start < 2; start++) {
            net.node(2).kill();
            net.node(2).startAndWait();
            net.loop.runFor(2_000);
            assertThat(net.node(2).antiEntropy.status().notSynchronisedBecause())
                    .isEqualTo("blank");
        }
        net.node(1).startAndWait();
        net.loop.runFor(30_000);
        assertThat(net.node(2).synchronised()).isFalse();
        net.node(3).startAndWait();
        assertThat(net.loop.runUntil(net::allSynchronised, 60_000)).isTrue();
        net.converges(20_000);
        assertThat(net.node(2).cell("acknowledged")).isEqualTo(acknowledged);
    }
}

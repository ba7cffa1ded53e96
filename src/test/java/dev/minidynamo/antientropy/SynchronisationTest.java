package dev.minidynamo.antientropy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.Cell;
import dev.minidynamo.sim.SimDisk;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName(
        "A node that was away for long, or found damage, synchronises before it serves (P7, P13)")
class SynchronisationTest {

    private static final long OLD = 60_000;

    @Test
    void aNodeThatWasAwayForLongerThanTheGraceDoesNotBringBackWhatWasReaped() {
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 1_000);
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
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 100);
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
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 100);
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
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 100);
        net.loop.runFor(2_000);
        net.node(2).kill();
        net.node(2).startAndWait();
        assertThat(net.node(2).antiEntropy.status().notSynchronisedBecause())
                .isEqualTo("unchecked");
        assertThat(net.loop.runUntil(() -> net.node(2).synchronised(), 10)).isTrue();
    }

    @Test
    void aNodeWhosePeerIsSilentIsTrustedAfterAWhile() {
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 100);
        net.node(2).kill();
        net.node(2).cutFrom.add(net.node(1).id);
        net.node(2).startAndWait();
        net.loop.runFor(2_000);
        assertThat(net.node(2).synchronised()).isFalse();
        assertThat(net.loop.runUntil(() -> net.node(2).synchronised(), 1_500)).isTrue();
    }

    @Test
    void aNodeThatWasAwayKeepsAnAcknowledgedWriteThatOneSynchronisedOwnerLacks() {
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 10);
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
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 300);
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
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 300);
        net.node(1).rememberLastAlive(net.now() - 30 * ReplicaNet.DAY);
        net.node(2).rememberLastAlive(net.now() - 30 * ReplicaNet.DAY);
        net.nodes.values().forEach(ReplicaNode::kill);
        net.node(1).startAndWait();
        net.node(2).startAndWait();
        assertThat(net.firstTwoSynchronise(30_000)).isTrue();
    }

    @Test
    void twoNodesThatWereAwayWhileTheThirdWasNotFindTogetherAgain() {
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 300);
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
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 300);
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
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 300);
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
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 300);
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
        ReplicaNet net = ReplicaNet.filled(3, 3, 3, 300);
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
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 300);
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
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 300);
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
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 500);
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
}

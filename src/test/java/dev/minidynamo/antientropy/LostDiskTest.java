package dev.minidynamo.antientropy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.Cell;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A node without data synchronises before it serves, but for a first start (P3, P13)")
class LostDiskTest {

    private static final long OLD = 60_000;

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
        ReplicaNet net = ReplicaNet.filled(size, n, w, 3_000);
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
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 10);
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

    @ParameterizedTest(name = "{0} disks of three lost, W={1}")
    @CsvSource({"1,1", "2,1", "2,2"})
    @DisplayName("However many disks are lost, what a running owner holds is copied before")
    void afterTheLossOfWDisksWhatIsLeftIsStillCopiedFirst(int lost, int w) {
        ReplicaNet net = ReplicaNet.filled(3, 3, w, 3_000);
        for (int n = 1; n <= lost; n++) {
            net.node(n).loseDisk();
            net.node(n).startAndWait();
        }
        assertThat(net.loop.runUntil(() -> net.node(1).synchronised(), 30_000)).isTrue();
        assertThat(net.node(1).size()).isEqualTo(3_000);
        assertThat(net.loop.runUntil(net::allSynchronised, 30_000)).isTrue();
        assertThat(net.converged()).isTrue();
    }

    @ParameterizedTest(name = "which is cut off: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("P3: a first start without one member waits only until that has not answered")
    void aFreshClusterStartsWithoutItsDeadMember(boolean cutOff) {
        ReplicaNet net = new ReplicaNet(1, 3, 3, 2);
        for (int n = 1; n <= 2; n++) {
            if (cutOff) {
                net.node(n).cutFrom.add(net.node(3).id);
            }
            net.node(n).startAndWait();
        }
        net.loop.runFor(50);
        net.node(1).put("early", net.live(0, 20));
        net.node(2).put("early", net.live(0, 20));
        assertThat(net.firstTwoSynchronise(1_500)).isTrue();
    }

    @Test
    void aBlankNodeThatStopsHalfwayIsStillNotSynchronisedAfterItsRestart() {
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 3_000);
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
    @DisplayName("P1, P13: a blank node that restarts before it has synchronised is still blank")
    void aBlankNodeThatRestartsIsStillBlank() {
        ReplicaNet net = ReplicaNet.filled(3, 3, 2, 300);
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

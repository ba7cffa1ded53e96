package dev.minidynamo.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.minidynamo.membership.Membership.Liveness;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Reply.Failure;
import dev.minidynamo.protocol.Reply.Reason;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The failure detector (P8, P12)")
class MembershipTest {

    private static final Reply REFUSED =
            new Reply.Failed(Failure.UNREACHABLE, "connection refused");

    private static PingNet started(long seed, int size) {
        PingNet net = new PingNet(seed, size);
        net.startAll();
        net.loop.runFor(30_000);
        assertThat(net.beliefs().values()).containsOnly(Liveness.UP);
        return net;
    }

    private static long millisUntil(PingNet net, PingNet.Node who, PingNet.Node of, Liveness is) {
        long from = net.loop.nowMillis();
        assertThat(net.loop.runUntil(() -> who.sees(of) == is, 60_000)).isTrue();
        return net.loop.nowMillis() - from;
    }

    @Test
    void aPeerThatWasNeverHeardIsSuspectForTheGraceAndThenDown() {
        PingNet net = new PingNet(1, 2);
        net.loss = 1;
        net.startAll();
        net.loop.runFor(2_900);
        assertThat(net.node(1).sees(net.node(2))).isEqualTo(Liveness.SUSPECT);
        assertThat(net.node(1).membership.isUp(net.node(2).id)).isTrue();
        net.loop.runFor(300);
        assertThat(net.node(1).sees(net.node(2))).isEqualTo(Liveness.DOWN);
        assertThat(net.node(1).membership.isUp(net.node(2).id)).isFalse();
        assertThat(net.node(1).membership.liveness(net.node(1).id)).isEqualTo(Liveness.UP);
        assertThat(net.node(1).membership.liveness(new NodeId("stranger")))
                .isEqualTo(Liveness.DOWN);
    }

    @Test
    void aPeerIsUpWithItsFirstAnswer() {
        PingNet net = new PingNet(1, 3);
        net.startAll();
        net.loop.runFor(10);
        assertThat(net.beliefs().values()).containsOnly(Liveness.UP);
    }

    @Test
    void aPeerThatStartsLaterIsUpWithinASecond() {
        PingNet net = new PingNet(1, 2);
        net.node(1).start();
        net.loop.runFor(20_000);
        assertThat(net.node(1).sees(net.node(2))).isEqualTo(Liveness.DOWN);
        net.node(2).start();
        assertThat(millisUntil(net, net.node(1), net.node(2), Liveness.UP)).isLessThan(600);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aKilledProcessIsDownWithTheNextHeartbeat(long seed) {
        PingNet net = started(seed, 3);
        net.loop.runFor(seed * 83);
        net.node(2).kill();
        assertThat(millisUntil(net, net.node(1), net.node(2), Liveness.DOWN)).isLessThan(700);
        assertThat(net.node(1).sees(net.node(3))).isEqualTo(Liveness.UP);
    }

    @Test
    void aRefusedRequestFindsAKilledProcessAtOnce() {
        PingNet net = started(1, 3);
        net.node(2).kill();
        net.node(1).membership.observe(net.node(2).id, REFUSED, 1_000);
        assertThat(net.node(1).sees(net.node(2))).isEqualTo(Liveness.SUSPECT);
        assertThat(millisUntil(net, net.node(1), net.node(2), Liveness.DOWN)).isLessThan(10);
    }

    @Test
    void manyRequestsOnOneRefusedConnectionDoNotMakeALivePeerDown() {
        PingNet net = started(1, 3);
        for (int i = 0; i < 64; i++) {
            net.node(1).membership.observe(net.node(2).id, REFUSED, 1_000 + i);
        }
        assertThat(net.node(1).sees(net.node(2))).isEqualTo(Liveness.SUSPECT);
        net.loop.runFor(10);
        assertThat(net.node(1).sees(net.node(2))).isEqualTo(Liveness.UP);
        assertThat(net.node(1).changes).noneMatch(change -> change.contains("DOWN"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aPausedProcessIsDownWithinThreeSecondsAndUpWithinOneOfItsReturn(long seed) {
        PingNet net = started(seed, 3);
        net.loss = seed > 4 ? 0.2 : 0;
        net.loop.runFor(60_000 + seed * 71);
        net.node(2).pause();
        assertThat(millisUntil(net, net.node(1), net.node(2), Liveness.DOWN)).isLessThan(3_000);
        net.loop.runFor(20_000);
        net.loss = 0;
        net.node(2).resume();
        assertThat(millisUntil(net, net.node(1), net.node(2), Liveness.UP)).isLessThan(1_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aNetworkThatLosesEveryFifthMessageMakesNobodyDown(long seed) {
        PingNet net = started(seed, 3);
        net.loss = 0.2;
        net.mostDelayNanos = 80_000_000;
        net.loop.runFor(3_600_000);
        net.nodes
                .values()
                .forEach(n -> assertThat(n.changes).noneMatch(change -> change.contains("DOWN")));
    }

    @Test
    void aLostHeartbeatOrTwoRaiseNoSuspicion() {
        PingNet net = started(1, 2);
        net.node(1).changes.clear();
        net.loss = 1;
        net.loop.runFor(700);
        net.loss = 0;
        net.loop.runFor(5_000);
        assertThat(net.node(1).changes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {700, 3_000, 30_000, 3_600_000})
    void aNodeThatStoodStillItselfDoesNotBlameItsPeers(long millis) {
        PingNet net = started(3, 3);
        net.node(1).changes.clear();
        net.loop.runFor(333);
        net.node(1).pause();
        net.loop.runFor(millis);
        // Requests that were under way time out in the first moment after the return.
        net.node(1)
                .membership
                .observe(
                        net.node(2).id,
                        new Reply.Failed(Failure.TIMEOUT, ""),
                        millis * 1_000_000 + 5_000_000);
        net.node(1).resume();
        net.loop.runFor(10_000);
        assertThat(net.node(1).changes).isEmpty();
        assertThat(net.node(1).membership.status().ownStalls()).isEqualTo(1);
    }

    @Test
    void aPeerThatDiesWhileThisNodeStandsStillIsFoundAfterwards() {
        PingNet net = started(3, 3);
        net.node(1).pause();
        net.node(2).pause();
        net.loop.runFor(30_000);
        net.node(1).resume();
        assertThat(millisUntil(net, net.node(1), net.node(2), Liveness.DOWN)).isLessThan(3_000);
        assertThat(net.node(1).sees(net.node(3))).isEqualTo(Liveness.UP);
    }

    @Test
    void anyAnswerIsASignOfLifeARefusalToo() {
        PingNet net = started(1, 2);
        net.loss = 1;
        Reply refusal = new Reply.Refused(Reason.RING_MISMATCH, "other ring");
        for (int i = 0; i < 100; i++) {
            net.loop.runFor(200);
            net.node(1).membership.observe(net.node(2).id, refusal, 1_000_000);
        }
        assertThat(net.node(1).sees(net.node(2))).isEqualTo(Liveness.UP);
        net.loop.runFor(3_000);
        assertThat(net.node(1).sees(net.node(2))).isEqualTo(Liveness.DOWN);
    }

    @Test
    void aRequestThatWasNeverSentIsNoEvidence() {
        PingNet net = started(1, 2);
        for (int i = 0; i < 100; i++) {
            net.node(1)
                    .membership
                    .observe(net.node(2).id, new Reply.Failed(Failure.NOT_SENT, "full"), 0);
        }
        assertThat(net.node(1).sees(net.node(2))).isEqualTo(Liveness.UP);
    }

    @Test
    void aTimeoutRaisesSuspicionOnlyIfNothingWasHeardSinceItWasSent() {
        PingNet net = started(1, 2);
        Membership membership = net.node(1).membership;
        NodeId peer = net.node(2).id;
        Reply timeout = new Reply.Failed(Failure.TIMEOUT, "");
        membership.observe(peer, timeout, 2_000_000_000L);
        assertThat(membership.liveness(peer)).isEqualTo(Liveness.UP);
        membership.observe(peer, timeout, 0);
        assertThat(membership.liveness(peer)).isEqualTo(Liveness.SUSPECT);
        membership.observe(peer, new Reply.Superseded(new Version(1, peer, 1)), 0);
        assertThat(membership.liveness(peer)).isEqualTo(Liveness.UP);
    }

    @Test
    void whatAPeerSaysOfItsStateIsKnownFromItsLastHeartbeat() {
        PingNet net = new PingNet(1, 2);
        net.node(2).synchronised = false;
        net.node(2).blankMillisAgo = 0;
        NodeId peer = net.node(2).id;
        assertThat(net.node(1).membership.synchronised(peer)).isFalse();
        net.startAll();
        net.loop.runFor(1_000);
        assertThat(net.node(1).membership.synchronised(peer)).isFalse();
        assertThat(net.node(1).membership.blank(peer)).isTrue();
        net.node(2).synchronised = true;
        net.node(2).blankMillisAgo = 1_000;
        net.loop.runFor(1_000);
        assertThat(net.node(1).membership.synchronised(peer)).isTrue();
        assertThat(net.node(1).membership.blank(peer)).isFalse();
        assertThat(net.node(1).membership.seenBlank(peer)).isTrue();
    }

    @ParameterizedTest(name = "{0} ms ago: {1}")
    @CsvSource({"-1, false", "0, true", "400, true", "5000, false"})
    void aPeerCountsAsSeenBlankOnlyIfItWasSoSinceTheOwnStart(long millisAgo, boolean seen) {
        PingNet net = new PingNet(1, 2);
        net.node(2).blankMillisAgo = millisAgo;
        net.startAll();
        net.loop.runFor(900);
        assertThat(net.node(1).membership.liveness(net.node(2).id)).isEqualTo(Liveness.UP);
        assertThat(net.node(1).membership.seenBlank(net.node(2).id)).isEqualTo(seen);
    }

    @Test
    void aNodeWhoseClockIsAnHourAheadKnowsIt() {
        PingNet net = new PingNet(1, 3);
        net.mostDelayNanos = 40_000_000;
        net.node(2).wallOffsetMillis = 3_600_000;
        net.startAll();
        net.loop.runFor(10_000);
        assertThat(net.node(2).membership.clockOffsetMillis()).isCloseTo(3_600_000, within(40L));
        assertThat(net.node(1).membership.clockOffsetMillis()).isCloseTo(0, within(40L));
        long truth = PingNet.WALL_START + net.loop.nowMillis();
        net.nodes
                .values()
                .forEach(n ->
                        assertThat(n.membership.clusterMillis()).isCloseTo(truth, within(40L)));
    }

    @Test
    void aClockThatJumpsIsSeenAtOnceByItselfAndWithTheNextHeartbeatByOthers() {
        PingNet net = started(1, 3);
        net.node(1).wallOffsetMillis = -3_600_000;
        long truth = PingNet.WALL_START + net.loop.nowMillis();
        assertThat(net.node(1).membership.clockOffsetMillis()).isCloseTo(-3_600_000, within(5L));
        assertThat(net.node(1).membership.clusterMillis()).isCloseTo(truth, within(5L));
        net.loop.runFor(600);
        assertThat(net.node(2).membership.status().peers().getFirst().clockOffsetMillis())
                .isCloseTo(-3_600_000, within(5L));
    }

    @Test
    void theMajorityIsStillKnownWhileOneOfThreeIsDead() {
        PingNet net = started(1, 3);
        net.node(3).kill();
        net.loop.runFor(60_000);
        net.node(1).wallOffsetMillis = 3_600_000;
        net.loop.runFor(10_000);
        assertThat(net.node(1).membership.clockOffsetMillis()).isCloseTo(3_600_000, within(5L));
        assertThat(net.node(2).membership.clockOffsetMillis()).isCloseTo(0, within(5L));
    }

    @Test
    void theEarliestClockCountsWhileNoMajorityAgrees() {
        PingNet net = started(1, 3);
        net.node(1).wallOffsetMillis = 1_800_000;
        net.node(3).wallOffsetMillis = 43_200_000;
        net.loop.runFor(2_000);
        assertThat(net.node(1).membership.clockOffsetMillis()).isCloseTo(1_800_000, within(5L));
        assertThat(net.node(2).membership.clockOffsetMillis()).isCloseTo(0, within(5L));
        assertThat(net.node(3).membership.clockOffsetMillis()).isCloseTo(43_200_000, within(5L));
    }

    @Test
    void anIdlePeerIsAskedTwiceASecond() {
        PingNet net = started(1, 2);
        int before = net.node(1).pings;
        net.loop.runFor(60_000);
        assertThat(net.node(1).pings - before).isBetween(118, 122);
    }

    @Test
    void aLongAbsenceLeavesNoMarkOnHowFastTheNextOneIsFound() {
        PingNet net = started(1, 2);
        for (int i = 0; i < 3; i++) {
            net.node(2).pause();
            net.loop.runFor(600_000);
            net.node(2).resume();
            net.loop.runFor(10_000);
        }
        net.node(2).pause();
        net.loop.runFor(1_700);
        assertThat(phi(net)).isGreaterThan(3);
        assertThat(millisUntil(net, net.node(1), net.node(2), Liveness.DOWN)).isLessThan(600);
    }

    @Test
    void suspicionGrowsWithSilence() {
        PingNet net = started(1, 2);
        assertThat(phi(net)).isLessThan(0.1);
        net.node(2).pause();
        net.loop.runFor(1_500);
        double suspect = phi(net);
        assertThat(suspect).isGreaterThan(1);
        net.loop.runFor(1_000);
        assertThat(phi(net)).isGreaterThan(suspect + 4);
    }

    /** The suspicion of node 1 towards its only peer. */
    private static double phi(PingNet net) {
        return net.node(1).membership.status().peers().getFirst().phi();
    }
}

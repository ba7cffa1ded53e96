package dev.minidynamo.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.coordinator.Mode;
import dev.minidynamo.coordinator.ReadOutcome;
import dev.minidynamo.coordinator.ReplicaAnswer;
import dev.minidynamo.coordinator.WriteOutcome;
import dev.minidynamo.hints.HintManager;
import dev.minidynamo.membership.Membership.Liveness;
import dev.minidynamo.membership.MembershipStatus;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.wal.SyncMode;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

@DisplayName("Stories of several faults, each told step by step")
class ScriptedFaultsTest {

    @Test
    @DisplayName("P1: what only hints hold outlives the removal of the nodes they were for")
    void anAcknowledgedWriteOutlivesTheRemovalOfNodesThatNeverHadIt() {
        SimScript script = new SimScript(6, 3, 2, 2, Shape.Comparison.ALWAYS);
        Key key = Shape.key(0);
        List<Integer> dead = script.order(0).subList(0, 3);
        List<Integer> left = script.order(0).subList(3, 6);
        dead.forEach(i -> script.node(i).endFor(SimNode.End.KILL, 100_000_000));
        script.run(5_000);
        assertThat(script.put(left.getFirst(), key, 2, Mode.SLOPPY))
                .isInstanceOf(WriteOutcome.Written.class);
        script.run(SimOptions.HINT_AGE_MILLIS + 1_000); // No age ends what may be a last copy.
        script.restartAlone(left, 3, 2, 2);
        script.run(15_000);
        assertThat(script.get(left.get(1), key, 2, Mode.STRICT))
                .isInstanceOf(ReadOutcome.Value.class);
        for (int i : left) {
            assertThat(script.node(i).node().hints().status().targets()).isEmpty();
            assertThat(script.node(i).node().store().version(key)).isNotNull();
        }
    }

    @Test
    @DisplayName("P1: with sync=interval(T), power loss takes no hint that has just been delivered")
    void aHintThatWasForcedOutlivesThePowerLossOfItsTarget() {
        SyncMode sync = new SyncMode.Interval(500);
        SimScript script = new SimScript(2, 1, 1, 1, Shape.Comparison.ALWAYS, sync);
        int owner = script.order(0).getFirst();
        int standIn = script.order(0).getLast();
        Key key = Shape.key(0);
        script.cut(standIn, owner);
        script.run(5_000);
        assertThat(script.put(standIn, key, 1, Mode.SLOPPY))
                .isInstanceOf(WriteOutcome.Written.class);
        script.run(1_000);
        script.join(standIn, owner);
        HintManager hints = script.node(standIn).node().hints();
        assertThat(script.runUntil(() -> hints.status().count() == 0, 20_000)).isTrue();
        script.node(owner).endFor(SimNode.End.POWER_LOSS, 100);
        script.run(15_000);
        assertThat(script.node(owner).node().store().version(key)).isNotNull();
    }

    @Test
    @DisplayName("P1: with sync=interval(T), power loss takes no hint that was just adopted")
    void aHintThatWasForcedOutlivesThePowerLossOfItsHolder() {
        SyncMode sync = new SyncMode.Interval(5_000);
        SimScript script = new SimScript(2, 1, 1, 1, Shape.Comparison.ALWAYS, sync);
        int owner = script.order(0).getFirst();
        int holder = script.order(0).getLast();
        Key key = Shape.key(0);
        script.cut(holder, owner);
        script.run(5_000);
        assertThat(script.put(holder, key, 1, Mode.SLOPPY))
                .isInstanceOf(WriteOutcome.Written.class);
        script.run(6_000);
        script.node(owner).endFor(SimNode.End.KILL, 100_000_000);
        script.restartAlone(List.of(holder), 1, 1, 1);
        assertThat(script.runUntil(() -> holdsNoHints(script.node(holder)), 20_000)).isTrue();
        script.node(holder).endFor(SimNode.End.POWER_LOSS, 100);
        script.run(15_000);
        assertThat(script.node(holder).node().store().version(key)).isNotNull();
    }

    private static boolean holdsNoHints(SimNode node) {
        return node.opened() != null && node.opened().hints().status().targets().isEmpty();
    }

    @Test
    @DisplayName("P2: the coordinator's own copy is hinted for too, by another primary")
    void aCoordinatorWhoseDiskIsFullIsHintedForToo() {
        SimScript script = new SimScript(3, 3, 2, 2, Shape.Comparison.NEVER);
        Key key = Shape.key(0);
        SimDisk disk = script.node(0).disk();
        disk.setCapacityBytes(disk.usedBytes());
        WriteOutcome last = null;
        for (int i = 0; i < 60; i++) {
            last = script.put(0, key, 2, Mode.STRICT);
        }
        assertThat(last).isInstanceOf(WriteOutcome.Written.class);
        assertThat(script.node(0).node().store().version(key))
                .isNotEqualTo(script.node(1).node().store().version(key));
        disk.setCapacityBytes(Long.MAX_VALUE);
        assertThat(
                        script.runUntil(
                                () ->
                                        script.node(1)
                                                .node()
                                                .store()
                                                .version(key)
                                                .equals(script.node(0).node().store().version(key)),
                                20_000))
                .isTrue();
    }

    @Test
    @DisplayName("P5: strict reads with different r never go backwards")
    void strictReadsOfDifferentRNeverGoBackwards() {
        SimScript script = new SimScript(3, 3, 1, 3, Shape.Comparison.NEVER);
        Key key = Shape.key(0);
        script.cluster.nodes.forEach(node -> node.node().hints().setPaused(true));
        script.cut(0, 1);
        script.cut(0, 2);
        assertThat(script.put(0, key, 3, Mode.STRICT))
                .isInstanceOf(WriteOutcome.Indeterminate.class);
        script.join(0, 1);
        script.cut(1, 2);
        script.run(3_000);
        ReadOutcome first = script.get(1, key, 2, Mode.STRICT);
        ReadOutcome second = script.get(2, key, 1, Mode.STRICT);
        assertThat(first instanceof ReadOutcome.Value && second instanceof ReadOutcome.NotFound)
                .isFalse();
    }

    @Test
    @DisplayName("P3: a strict read with R=W=2 needs no more than two of three nodes")
    void aStrictReadNeedsNoMoreThanItsQuorum() {
        SimScript script = new SimScript(3, 3, 2, 2, Shape.Comparison.NEVER);
        Key key = Shape.key(0);
        assertThat(script.put(0, key, 2, Mode.STRICT)).isInstanceOf(WriteOutcome.Written.class);
        script.node(2).endFor(SimNode.End.KILL, 100_000);
        script.run(5_000);
        assertThat(script.get(1, key, 2, Mode.STRICT)).isInstanceOf(ReadOutcome.Value.class);
    }

    @ParameterizedTest(name = "by the machine''s sleep: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("P7: a coordinator that was suspended for longer than the grace revives nothing")
    void aCoordinatorThatWasPausedForLongerThanTheGraceBringsNothingBack(boolean asleep) {
        SimScript script = new SimScript(5, 3, 2, 2, Shape.Comparison.ALWAYS);
        Key key = Shape.key(0);
        List<Integer> order = script.order(0);
        int leader = order.get(0);
        int missing = order.get(1);
        int standIn = order.get(3);
        int coordinator = order.get(4);
        script.cluster.network.links().cut(coordinator, missing, 1);
        script.run(50);
        script.beginPut(coordinator, key, 2, Mode.SLOPPY, new byte[20]);
        script.run(20);
        if (asleep) {
            script.node(coordinator).sleep(SimOptions.GRACE_MILLIS + 3_000);
        } else {
            script.node(coordinator).pause(SimOptions.GRACE_MILLIS + 3_000);
        }
        script.run(100);
        assertThat(script.delete(leader, key, 2)).isInstanceOf(WriteOutcome.Written.class);
        script.run(SimOptions.GRACE_MILLIS + 500);
        script.cluster.network.links().slow(coordinator, standIn, 3_800);
        script.cluster.network.links().cut(coordinator, missing, -1);
        assertThat(script.runUntil(() -> isLiveAt(script, order.subList(0, 3), key), 12_000))
                .isFalse();
        assertThat(script.node(leader).node().reaper().status().reaped()).isPositive();
    }

    /** A write that the first and the last of three owners took; then the first is taken out. */
    private static SimScript writeOfWhichOneHolderIsLeft(long millisAway) {
        SimScript script = new SimScript(4, 3, 2, 2, Shape.Comparison.ALWAYS);
        List<Integer> order = script.order(0);
        List.of(0, 2, 3).forEach(i -> script.cut(order.get(1), order.get(i)));
        script.run(3_000);
        assertThat(script.put(order.getFirst(), Shape.key(0), 2, Mode.STRICT))
                .isInstanceOf(WriteOutcome.Written.class);
        script.run(100);
        script.node(order.getFirst()).endFor(SimNode.End.KILL, 100_000_000);
        script.node(order.get(2)).endFor(SimNode.End.KILL, millisAway);
        List.of(2, 3).forEach(i -> script.join(order.get(1), order.get(i)));
        script.restartAlone(order.subList(1, 4), 3, 2, 2);
        return script;
    }

    @Test
    @DisplayName("P5: a read after a change of the ring finds what a former owner acknowledged")
    void aNewOwnerDoesNotAnswerForWhatItHasYetToFetch() {
        SimScript script = writeOfWhichOneHolderIsLeft(8_000);
        List<Integer> left = script.order(0).subList(1, 4);
        boolean found = false;
        for (int i = 0; i < 100; i++) {
            script.run(150);
            int at = left.get(i % 3);
            if (script.node(at).node() != null) {
                ReadOutcome outcome = script.get(at, Shape.key(0), 2, Mode.STRICT);
                assertThat(outcome).isNotInstanceOf(ReadOutcome.NotFound.class);
                found = outcome instanceof ReadOutcome.Value;
            }
        }
        assertThat(found).isTrue();
    }

    @Test
    @DisplayName("P1: a new owner is no witness against what the last holder of a write has")
    void aNewOwnerIsNoWitnessAgainstTheLastHolder() {
        SimScript script = writeOfWhichOneHolderIsLeft(SimOptions.GRACE_MILLIS + 3_000);
        script.run(SimOptions.GRACE_MILLIS + 15_000);
        for (int i : script.order(0).subList(1, 4)) {
            assertThat(script.node(i).node().antiEntropy().status().partitionsToSynchronise())
                    .isZero();
            assertThat(script.get(i, Shape.key(0), 2, Mode.STRICT))
                    .isInstanceOf(ReadOutcome.Value.class);
        }
    }

    @Test
    @DisplayName("P3: a strict read of all replicas is served though they differ")
    void aStrictReadOfAllReplicasIsServedThoughTheyDiffer() {
        SimScript script = new SimScript(3, 3, 3, 1, Shape.Comparison.NEVER);
        script.cluster.nodes.forEach(node -> node.node().hints().setPaused(true));
        script.cut(0, 2);
        script.put(0, Shape.key(0), 1, Mode.STRICT);
        script.join(0, 2);
        script.run(3_000);
        assertThat(script.get(2, Shape.key(0), 3, Mode.STRICT))
                .isInstanceOf(ReadOutcome.Value.class);
    }

    @Test
    @DisplayName("P3: a stand-in that does not answer has another one in its place")
    void aStandInThatDoesNotAnswerHasAnotherInItsPlace() {
        SimScript script = new SimScript(5, 3, 3, 3, Shape.Comparison.ALWAYS);
        List<Integer> order = script.order(0);
        script.node(order.get(0)).endFor(SimNode.End.KILL, 100_000);
        script.node(order.get(3)).disk().setLatency(3_600_000_000_000L, 2_000);
        script.run(3_000);
        assertThat(script.put(order.get(1), Shape.key(0), 3, Mode.SLOPPY))
                .isInstanceOf(WriteOutcome.Written.class);
    }

    @Test
    @DisplayName("P3: a stand-in that is overdue is asked only after one that is not")
    void aStandInThatIsOverdueIsAskedLast() {
        SimScript script = new SimScript(5, 3, 3, 3, Shape.Comparison.ALWAYS);
        List<Integer> order = script.order(0);
        NodeId overdue = script.node(order.get(3)).id;
        script.node(order.get(0)).endFor(SimNode.End.KILL, 100_000);
        script.run(3_000);
        script.cut(order.get(1), order.get(3));
        assertThat(
                        script.runUntil(
                                () -> livenessAt(script, order.get(1), overdue) == Liveness.SUSPECT,
                                3_000))
                .isTrue();
        WriteOutcome outcome = script.put(order.get(1), Shape.key(0), 3, Mode.SLOPPY);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        WriteOutcome.Written.class,
                        written ->
                                assertThat(written.replicas())
                                        .extracting(ReplicaAnswer::node)
                                        .doesNotContain(overdue));
    }

    @Test
    @DisplayName("P13: what was blank before a machine slept is not blank since")
    void aNodeThatLostItsDiskWaitsForTheOthersThoughAPeersMachineSlept() {
        SimScript script = new SimScript(3, 3, 2, 2, Shape.Comparison.ALWAYS);
        Key key = Shape.key(0);
        script.node(1).sleep(60_000);
        script.run(5_000);
        assertThat(script.put(0, key, 2, Mode.STRICT)).isInstanceOf(WriteOutcome.Written.class);
        script.node(2).endFor(SimNode.End.KILL, 100_000);
        script.node(0).endFor(SimNode.End.KILL, 5_000);
        script.node(0).disk().lose();
        script.run(70_000);
        assertThat(script.get(0, key, 2, Mode.STRICT)).isInstanceOf(ReadOutcome.Unavailable.class);
        script.run(60_000);
        assertThat(script.get(0, key, 2, Mode.STRICT)).isInstanceOf(ReadOutcome.Value.class);
    }

    private static Liveness livenessAt(SimScript script, int at, NodeId peer) {
        return script.node(at).node().status().membership().peers().stream()
                .filter(status -> status.id().equals(peer))
                .map(MembershipStatus.Peer::liveness)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isLiveAt(SimScript script, List<Integer> nodes, Key key) {
        return nodes.stream()
                .map(i -> script.node(i).node().store().meta(key))
                .anyMatch(meta -> meta != null && !meta.tombstone());
    }

    @Test
    @DisplayName("P12: what waits for a disk that hangs is bounded, and hinted elsewhere")
    void whatWaitsForAHangingDiskIsBounded() {
        SimScript script = new SimScript(3, 3, 2, 2, Shape.Comparison.ALWAYS);
        script.node(0).disk().setLatency(3_600_000_000_000L, 2_000);
        int written = 0;
        for (int i = 0; i < 150; i++) {
            WriteOutcome[] outcome =
                    script.beginPut(1, Shape.key(i % 4), 2, Mode.SLOPPY, new byte[4 << 10]);
            script.run(30);
            written += outcome[0] instanceof WriteOutcome.Written ? 1 : 0;
        }
        assertThat(written).isGreaterThan(100);
        assertThat(script.node(0).node().store().status().log().waitingBytes())
                .isBetween(48L << 10, (long) SimOptions.MOST_QUEUE_BYTES);
    }
}

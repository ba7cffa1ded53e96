package dev.minidynamo.hints;

import static dev.minidynamo.hints.HintWorld.N2;
import static dev.minidynamo.hints.HintWorld.N3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.hints.HintLossListener.Loss;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Reply.Reason;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Hints are delivered without harm (P4, P7, P12)")
class HintDeliveryTest {

    @Test
    @DisplayName("P12: a stopped or slow target delays no other target's hints")
    void aStoppedTargetDelaysNoOther() {
        HintWorld world = HintWorld.started();
        world.hints().setPaused(true);
        world.storeMany(N2, 0, 500);
        world.storeMany(N3, 0, 500);
        world.target(N2).alive = true;
        world.target(N3).alive = true;
        world.loop.runFor(2_000);
        world.target(N2).silent = true;
        world.hints().setPaused(false);
        assertThat(world.loop.runUntil(() -> world.status(N3).count() == 0, 500)).isTrue();
        assertThat(world.status(N2).count()).isEqualTo(500);
        world.target(N2).silent = false;
        assertThat(world.drained(10_000)).isTrue();
        assertThat(world.target(N2).held).hasSize(500);
    }

    @Test
    @DisplayName("P12: delivery is fast, bounded, and slower when the target is slow")
    void deliveryAdaptsToTheTarget() {
        HintWorld world = HintWorld.started();
        world.storeMany(N2, 0, 20_000);
        world.storeMany(N3, 0, 2_000);
        world.target(N2).alive = true;
        world.target(N2).delayNanos = 5_000_000;
        world.loop.runUntil(() -> world.target(N2).writes > 0, 5_000);
        long from = world.loop.nowMillis();
        assertThat(world.loop.runUntil(() -> world.status(N2).count() == 0, 20_000)).isTrue();
        long keysPerSecond = 20_000_000L / (world.loop.nowMillis() - from);
        assertThat(keysPerSecond).isBetween(5_000L, 10_500L);
        assertThat(world.target(N2).mostUnderWay).isLessThanOrEqualTo(256);

        world.target(N3).delayNanos = 100_000_000;
        world.target(N3).alive = true;
        assertThat(world.loop.runUntil(() -> world.status(N3).count() == 0, 60_000)).isTrue();
        assertThat(world.target(N3).mostUnderWay).isLessThanOrEqualTo(64);
    }

    @Test
    @DisplayName("P7: a hint that is too old is counted and never delivered")
    void aHintThatIsTooOldIsNeverDelivered() {
        HintWorld world = new HintWorld(1);
        world.options = HintOptions.defaults().withMaxAgeMillis(60_000);
        world.start();
        Cell old = world.cell("old");
        world.store(N2, "k", old);
        world.loop.runFor(59_000);
        assertThat(world.hints().holdsOlderThan(Key.utf8("k"), world.version())).isTrue();
        Cell fresh = world.cell("fresh");
        world.store(N2, "f", fresh);
        world.kill();
        world.loop.runFor(2_000);
        world.target(N2).alive = true;
        assertThat(world.start()).isTrue();
        assertThat(world.drained(5_000)).isTrue();
        world.loop.runFor(1_000);
        assertThat(world.hints().holdsOlderThan(Key.utf8("k"), world.version())).isFalse();
        assertThat(world.target(N2).held).containsOnlyKeys(Key.utf8("f"));
        assertThat(world.status(N2).expired()).isEqualTo(1);
        assertThat(world.lost(Loss.EXPIRED)).isEqualTo(1);
        assertThat(world.store(N2, "k", old)).isEqualTo(new HintResult.Overflowed());
    }

    @Test
    @DisplayName("P1: a hint that may be the last copy of a write is delivered however old it is")
    void aHintOfANodeThatIsNoReplicaDoesNotExpire() {
        HintWorld world = new HintWorld(1);
        world.options = HintOptions.defaults().withMaxAgeMillis(60_000);
        world.isReplica = false;
        world.start();
        world.store(N2, "k", world.cell("only copy"));
        world.loop.runFor(120_000);
        assertThat(world.hints().holdsOlderThan(Key.utf8("k"), world.version())).isTrue();
        world.target(N2).alive = true;
        assertThat(world.drained(15_000)).isTrue();
        assertThat(world.target(N2).held).containsOnlyKeys(Key.utf8("k"));
        assertThat(world.status(N2).expired()).isZero();
    }

    @Test
    @DisplayName("P1: a replica that lacks the write itself takes it in before its hint is too old")
    void aHintThatIsTooOldIsAdoptedWhereTheOwnCopyIsMissing() {
        HintWorld world = new HintWorld(1);
        world.options = HintOptions.defaults().withMaxAgeMillis(60_000);
        world.start();
        Cell missing = world.cell("missing here");
        world.store(N2, "k", missing);
        world.own.full = true;
        world.loop.runFor(70_000);
        assertThat(world.status(N2).count()).isEqualTo(1);
        world.own.full = false;
        assertThat(world.drained(10_000)).isTrue();
        assertThat(world.own.held).containsEntry(Key.utf8("k"), missing);
        assertThat(world.status(N2).expired()).isEqualTo(1);
    }

    @Test
    @DisplayName("P7: a hint that a crash would bring back counts as held")
    void aDeliveredHintCountsAsHeldUntilItsEndIsDurable() {
        HintWorld world = HintWorld.started();
        world.store(N2, "k", world.cell("v"));
        world.target(N2).alive = true;
        assertThat(world.drained(15_000)).isTrue();
        assertThat(world.hints().holdsOlderThan(Key.utf8("k"), world.version())).isTrue();
        world.loop.runFor(1_000);
        assertThat(world.hints().holdsOlderThan(Key.utf8("k"), world.version())).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"DISK_FULL", "CLOCK_AHEAD", "OVERLOADED", "STORAGE_FAILED", "STALE_MESSAGE"})
    void aHintThatTheTargetRefusesIsTriedAgainButNotAllTheTime(Reason reason) {
        HintWorld world = HintWorld.started();
        world.storeMany(N2, 0, 100);
        world.target(N2).alive = true;
        world.target(N2).refusal = new Reply.Refused(reason, "not now");
        world.loop.runFor(60_000);
        assertThat(world.status(N2).count()).isEqualTo(100);
        assertThat(world.status(N2).refused()).isBetween(100L, 100L * 40);
        assertThat(world.status(N2).lastProblem()).contains(reason.name());
        world.target(N2).refusal = null;
        assertThat(world.drained(10_000)).isTrue();
        assertThat(world.target(N2).held).hasSize(100);
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"UNREADABLE", "UNSUPPORTED"})
    void aHintThatTheTargetCannotReadIsSetAsideAndReported(Reason reason) {
        HintWorld world = HintWorld.started();
        world.storeMany(N2, 0, 10);
        world.target(N2).alive = true;
        world.target(N2).refusal = new Reply.Refused(reason, "what is this");
        world.loop.runFor(5_000);
        assertThat(world.status(N2).setAside()).isEqualTo(10);
        assertThat(world.status(N2).refused()).isEqualTo(10);
        assertThat(world.lost(Loss.SET_ASIDE)).isEqualTo(10);
        world.target(N2).refusal = null;
        world.storeMany(N2, 10, 20);
        world.loop.runFor(60_000);
        assertThat(world.target(N2).held).hasSize(10);
        assertThat(world.status(N2).count()).isEqualTo(10);
    }

    @Test
    void aTargetThatIsGoneIsNotAskedAllTheTime() {
        HintWorld world = HintWorld.started();
        world.storeMany(N2, 0, 10);
        world.loop.runFor(60_000);
        assertThat(world.status(N2).failed()).isZero();
    }

    @Test
    void aTargetThatHoldsSomethingNewerNeedsTheHintNoMore() {
        HintWorld world = HintWorld.started();
        Cell hinted = world.cell("hinted");
        world.store(N2, "k", hinted);
        Cell newer = world.cell("newer");
        world.target(N2).held.put(Key.utf8("k"), newer);
        world.target(N2).alive = true;
        assertThat(world.drained(5_000)).isTrue();
        assertThat(world.target(N2).held).containsEntry(Key.utf8("k"), newer);
    }

    @Test
    void aNewerHintThatComesWhileTheOlderIsUnderWayIsDeliveredToo() {
        HintWorld world = HintWorld.started();
        world.target(N2).alive = true;
        world.target(N2).delayNanos = 50_000_000;
        world.loop.runFor(1_000);
        world.store(N2, "k", world.cell("1"));
        assertThat(world.target(N2).underWay).isEqualTo(1);
        Cell newer = world.cell("2");
        world.store(N2, "k", newer);
        assertThat(world.drained(5_000)).isTrue();
        assertThat(world.target(N2).held).containsEntry(Key.utf8("k"), newer);
        world.losePower();
        world.start();
        assertThat(world.hints().holdsOlderThan(Key.utf8("k"), newer.version())).isFalse();
    }
}

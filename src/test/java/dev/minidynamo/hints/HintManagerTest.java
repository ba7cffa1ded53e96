package dev.minidynamo.hints;

import static dev.minidynamo.hints.HintWorld.N2;
import static dev.minidynamo.hints.HintWorld.N3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.hints.HintLossListener.Loss;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Reply.Reason;
import dev.minidynamo.sim.SimDisk;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.util.List;
import java.util.Set;

@DisplayName("Hints (P2, P4, P7, P12)")
class HintManagerTest {

    private static HintWorld started() {
        HintWorld world = new HintWorld(1);
        assertThat(world.start()).isTrue();
        return world;
    }

    private static void storeMany(HintWorld world, NodeId target, int from, int to) {
        int[] stored = {0};
        for (int i = from; i < to; i++) {
            world.storeLater(
                    target,
                    "key" + i,
                    world.cell("value" + i),
                    result -> {
                        assertThat(result).isInstanceOf(HintResult.Stored.class);
                        stored[0]++;
                    });
        }
        assertThat(world.loop.runUntil(() -> stored[0] == to - from, 60_000)).isTrue();
    }

    private static boolean drained(HintWorld world, long millis) {
        return world.loop.runUntil(() -> world.hints().status().count() == 0, millis);
    }

    @Test
    void hintsStoredWhileATargetIsDeadAreAllDeliveredWhenItReturns() {
        HintWorld world = started();
        storeMany(world, N2, 0, 200);
        world.loop.runFor(20_000);
        assertThat(world.status(N2).count()).isEqualTo(200);
        world.target(N2).alive = true;
        assertThat(drained(world, 2_000)).isTrue();
        assertThat(world.target(N2).held).hasSize(200);
        assertThat(world.target(N2).writes).isEqualTo(200);
        assertThat(world.status(N2).delivered()).isEqualTo(200);
    }

    @Test
    @DisplayName("P2: a hint survives the crash of its holder")
    void aHintSurvivesTheCrashOfItsHolder() {
        HintWorld world = started();
        Cell cell = world.cell("v");
        assertThat(world.store(N2, "k", cell)).isEqualTo(new HintResult.Stored());
        world.losePower();
        assertThat(world.start()).isTrue();
        assertThat(world.hints().find(Key.utf8("k"))).isEqualTo(cell);
        world.target(N2).alive = true;
        assertThat(drained(world, 5_000)).isTrue();
        assertThat(world.target(N2).held).containsEntry(Key.utf8("k"), cell);
    }

    @Test
    void onlyTheNewestVersionOfAKeyIsDeliveredWhateverTheOrderOfArrival() {
        HintWorld world = started();
        Cell first = world.cell("1");
        Cell second = world.cell("2");
        Cell third = new Cell.Tombstone(world.version());
        world.store(N2, "k", first);
        world.store(N2, "k", third);
        assertThat(world.store(N2, "k", second)).isEqualTo(new HintResult.Stored());
        assertThat(world.status(N2).count()).isEqualTo(1);
        assertThat(world.hints().find(Key.utf8("k"))).isEqualTo(third);
        assertThat(world.hints().holdsOlderThan(Key.utf8("k"), third.version())).isFalse();
        assertThat(world.hints().holdsOlderThan(Key.utf8("k"), world.version())).isTrue();
        List<Reply.HeldHint> held = world.hints().heldFor(Key.utf8("k"));
        assertThat(held).singleElement().returns(true, Reply.HeldHint::tombstone);
        world.target(N2).alive = true;
        assertThat(drained(world, 5_000)).isTrue();
        assertThat(world.target(N2).writes).isEqualTo(1);
        assertThat(world.target(N2).held).containsEntry(Key.utf8("k"), third);
    }

    @Test
    void theSameVersionTwiceIsOneHintAndBothHearWhenItIsDurable() {
        HintWorld world = started();
        Cell cell = world.cell("v");
        int[] stored = {0};
        world.storeLater(N2, "k", cell, result -> stored[0]++);
        world.storeLater(N2, "k", cell, result -> stored[0]++);
        assertThat(world.loop.runUntil(() -> stored[0] == 2, 1_000)).isTrue();
        assertThat(world.status(N2).stored()).isEqualTo(1);
    }

    @Test
    @DisplayName("P12: a stopped or slow target delays no other target's hints")
    void aStoppedTargetDelaysNoOther() {
        HintWorld world = started();
        world.hints().setPaused(true);
        storeMany(world, N2, 0, 500);
        storeMany(world, N3, 0, 500);
        world.target(N2).alive = true;
        world.target(N3).alive = true;
        world.loop.runFor(2_000);
        world.target(N2).silent = true;
        world.hints().setPaused(false);
        assertThat(world.loop.runUntil(() -> world.status(N3).count() == 0, 500)).isTrue();
        assertThat(world.status(N2).count()).isEqualTo(500);
        world.target(N2).silent = false;
        assertThat(drained(world, 10_000)).isTrue();
        assertThat(world.target(N2).held).hasSize(500);
    }

    @Test
    @DisplayName("P12: delivery is fast, bounded, and slower when the target is slow")
    void deliveryAdaptsToTheTarget() {
        HintWorld world = started();
        storeMany(world, N2, 0, 20_000);
        storeMany(world, N3, 0, 2_000);
        world.target(N2).alive = true;
        world.target(N2).delayNanos = 5_000_000;
        world.loop.runUntil(() -> world.target(N2).writes > 0, 5_000);
        long from = world.loop.nowMillis();
        assertThat(world.loop.runUntil(() -> world.status(N2).count() == 0, 20_000)).isTrue();
        long keysPerSecond = 20_000_000L / (world.loop.nowMillis() - from);
        assertThat(keysPerSecond).isBetween(5_000L, 10_500L);
        assertThat(world.target(N2).mostUnderWay).isLessThanOrEqualTo(512);

        world.target(N3).delayNanos = 100_000_000;
        world.target(N3).alive = true;
        assertThat(world.loop.runUntil(() -> world.status(N3).count() == 0, 60_000)).isTrue();
        assertThat(world.target(N3).mostUnderWay).isLessThanOrEqualTo(64);
    }

    @Test
    void whatComesOnTopOfTheLimitIsDroppedCountedAndReported() {
        HintWorld world = new HintWorld(1);
        world.options = HintOptions.defaults().withMaxBytesPerTarget(3_000);
        world.start();
        int kept = 0;
        for (int i = 0; i < 100; i++) {
            HintResult result = world.store(N2, "key" + i, world.cell("v".repeat(50)));
            kept += result instanceof HintResult.Stored ? 1 : 0;
        }
        assertThat(kept).isBetween(5, 20);
        HintStatus.Target status = world.status(N2);
        assertThat(status.count()).isEqualTo(kept);
        assertThat(status.overflowed()).isEqualTo(100 - kept);
        assertThat(status.bytes()).isLessThanOrEqualTo(3_000);
        assertThat(world.lost(Loss.OVERFLOWED)).isEqualTo(100 - kept);
        // A newer version of a key that is held takes the place of the older one.
        assertThat(world.store(N2, "key0", world.cell("w".repeat(50))))
                .isEqualTo(new HintResult.Stored());
        assertThat(world.store(N3, "key0", world.cell("w"))).isEqualTo(new HintResult.Stored());
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
        assertThat(world.hints().holdsOlderThan(Key.utf8("k"), world.version())).isFalse();
        assertThat(drained(world, 5_000)).isTrue();
        assertThat(world.target(N2).held).containsOnlyKeys(Key.utf8("f"));
        assertThat(world.status(N2).expired()).isEqualTo(1);
        assertThat(world.lost(Loss.EXPIRED)).isEqualTo(1);
        assertThat(world.store(N2, "k", old)).isEqualTo(new HintResult.Overflowed());
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"DISK_FULL", "CLOCK_AHEAD", "OVERLOADED", "STORAGE_FAILED", "STALE_MESSAGE"})
    void aHintThatTheTargetRefusesIsTriedAgainButNotAllTheTime(Reason reason) {
        HintWorld world = started();
        storeMany(world, N2, 0, 100);
        world.target(N2).alive = true;
        world.target(N2).refusal = new Reply.Refused(reason, "not now");
        world.loop.runFor(60_000);
        assertThat(world.status(N2).count()).isEqualTo(100);
        assertThat(world.status(N2).refused()).isBetween(100L, 100L * 40);
        assertThat(world.status(N2).lastProblem()).contains(reason.name());
        world.target(N2).refusal = null;
        assertThat(drained(world, 10_000)).isTrue();
        assertThat(world.target(N2).held).hasSize(100);
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"UNREADABLE", "UNSUPPORTED"})
    void aHintThatTheTargetCannotReadIsSetAsideAndReported(Reason reason) {
        HintWorld world = started();
        storeMany(world, N2, 0, 10);
        world.target(N2).alive = true;
        world.target(N2).refusal = new Reply.Refused(reason, "what is this");
        world.loop.runFor(5_000);
        assertThat(world.status(N2).setAside()).isEqualTo(10);
        assertThat(world.status(N2).refused()).isEqualTo(10);
        assertThat(world.lost(Loss.SET_ASIDE)).isEqualTo(10);
        world.target(N2).refusal = null;
        storeMany(world, N2, 10, 20);
        world.loop.runFor(60_000);
        assertThat(world.target(N2).held).hasSize(10);
        assertThat(world.status(N2).count()).isEqualTo(10);
    }

    @Test
    void aTargetThatIsGoneIsNotAskedAllTheTime() {
        HintWorld world = started();
        storeMany(world, N2, 0, 10);
        world.loop.runFor(60_000);
        assertThat(world.status(N2).failed()).isZero();
    }

    @Test
    @DisplayName("P9: a full disk keeps no hint, loses none, and takes hints again later")
    void aFullDiskKeepsNoHintAndLosesNone() {
        HintWorld world = started();
        Cell first = world.cell("1");
        world.store(N2, "k", first);
        world.disk.setCapacityBytes(world.disk.usedBytes());
        int full = 0;
        Cell[] last = {first};
        for (int i = 0; i < 400; i++) {
            Cell cell = world.cell("x".repeat(10_000));
            HintResult result = world.store(N2, "k", cell);
            if (result instanceof HintResult.DiskFull) {
                full++;
            } else {
                last[0] = cell;
            }
        }
        assertThat(full).isPositive();
        assertThat(world.hints().find(Key.utf8("k"))).isEqualTo(last[0]);
        world.disk.setCapacityBytes(world.disk.usedBytes());
        assertThat(world.store(N3, "k", first)).isInstanceOf(HintResult.DiskFull.class);
        world.losePower();
        assertThat(world.start()).isTrue();
        assertThat(world.hints().find(Key.utf8("k"))).isEqualTo(last[0]);
        world.disk.setCapacityBytes(Long.MAX_VALUE);
        world.loop.runFor(3_000);
        assertThat(world.store(N2, "k", world.cell("y"))).isEqualTo(new HintResult.Stored());
        assertThat(world.store(N3, "k", world.cell("y"))).isEqualTo(new HintResult.Stored());
        assertThat(world.fatal).isEmpty();
    }

    @Test
    @DisplayName("P10: after a failed force no hint is acknowledged any more")
    void afterAFailedForceNothingIsAcknowledged() {
        HintWorld world = started();
        world.store(N2, "a", world.cell("1"));
        world.disk.setFaults((operation, path, ordinal) ->
                operation == SimDisk.Operation.FORCE
                        ? new IOException("the device is gone")
                        : null);
        assertThat(world.store(N2, "b", world.cell("2"))).isNull();
        assertThat(world.store(N2, "c", world.cell("3"))).isNull();
        assertThat(world.fatal).hasSize(1);
    }

    @Test
    void hintsForANodeThatLeftTheRingAreDroppedAndCounted() {
        HintWorld world = started();
        storeMany(world, N2, 0, 5);
        storeMany(world, N3, 0, 7);
        world.hints().retainTargets(Set.of(HintWorld.SELF, N3));
        world.loop.runFor(1_000);
        assertThat(world.hints().status().droppedForStrangers()).isEqualTo(5);
        assertThat(world.hints().status().count()).isEqualTo(7);
        assertThat(world.disk.paths()).noneMatch(path -> path.startsWith("hints/n2/"));
        world.losePower();
        assertThat(world.start()).isTrue();
        assertThat(world.hints().status().count()).isEqualTo(7);
        assertThat(world.disk.paths()).noneMatch(path -> path.startsWith("hints/n2/"));
    }

    @Test
    void whatIsDroppedByHandStaysDropped() {
        HintWorld world = started();
        storeMany(world, N2, 0, 5);
        world.hints().dropAll(N2);
        assertThat(world.hints().status().count()).isZero();
        storeMany(world, N2, 5, 8);
        world.losePower();
        world.start();
        assertThat(world.hints().status().count()).isEqualTo(3);
    }

    @Test
    @DisplayName("P4: hints delivered before a clean stop are not delivered again after it")
    void whatWasDeliveredIsNotDeliveredAgain() {
        HintWorld world = started();
        storeMany(world, N2, 0, 300);
        world.target(N2).alive = true;
        assertThat(drained(world, 5_000)).isTrue();
        boolean[] closed = {false};
        world.hints().close(() -> closed[0] = true);
        assertThat(world.loop.runUntil(() -> closed[0], 1_000)).isTrue();
        world.losePower();
        world.start();
        world.loop.runFor(3_000);
        assertThat(world.target(N2).writes).isEqualTo(300);
        assertThat(world.hints().status().count()).isZero();
    }

    @Test
    void theSpaceOfDeliveredHintsComesBack() {
        HintWorld world = new HintWorld(1);
        world.options = HintOptions.defaults().withSegmentBytes(16_384);
        world.start();
        storeMany(world, N2, 0, 5_000);
        assertThat(world.status(N2).segments()).isGreaterThan(10);
        world.target(N2).alive = true;
        assertThat(drained(world, 10_000)).isTrue();
        world.loop.runFor(2_000);
        assertThat(world.status(N2).segments()).isLessThanOrEqualTo(2);
        assertThat(world.disk.usedBytes()).isLessThan(40_000);
    }

    @Test
    void aLongOutageWithManyWritesOfTheSameKeysTakesBoundedSpace() {
        HintWorld world = new HintWorld(1);
        world.options = HintOptions.defaults().withSegmentBytes(16_384);
        world.start();
        for (int round = 0; round < 60; round++) {
            storeMany(world, N2, 0, 200);
            world.loop.runFor(300);
        }
        HintStatus.Target status = world.status(N2);
        assertThat(status.count()).isEqualTo(200);
        assertThat(status.logBytes()).isLessThan(4 * 16_384 + 2 * 200 * 80);
        world.losePower();
        world.start();
        assertThat(world.hints().status().count()).isEqualTo(200);
        world.target(N2).alive = true;
        assertThat(drained(world, 5_000)).isTrue();
        assertThat(world.target(N2).held).hasSize(200);
    }

    @Test
    void aColdSegmentIsRewrittenAndItsHintsStay() {
        HintWorld world = new HintWorld(1);
        world.options = HintOptions.defaults().withSegmentBytes(16_384);
        world.start();
        storeMany(world, N2, 0, 20);
        for (int round = 0; round < 60; round++) {
            storeMany(world, N2, 20, 220);
            world.loop.runFor(300);
        }
        assertThat(world.status(N2).segments()).isLessThanOrEqualTo(6);
        assertThat(world.status(N2).count()).isEqualTo(220);
        world.losePower();
        world.start();
        world.target(N2).alive = true;
        assertThat(drained(world, 5_000)).isTrue();
        assertThat(world.target(N2).held).hasSize(220);
    }

    @Test
    void manyHintsShareAForce() {
        HintWorld world = started();
        storeMany(world, N2, 0, 1);
        long before = world.forces;
        int[] stored = {0};
        for (int i = 0; i < 4_000; i++) {
            String key = "k" + i;
            Cell cell = world.cell("v");
            world.loop.at(
                    world.loop.nowNanos() + i * 250_000L,
                    world.life,
                    () -> world.hints().store(N2, Key.utf8(key), cell, result -> stored[0]++));
        }
        assertThat(world.loop.runUntil(() -> stored[0] == 4_000, 5_000)).isTrue();
        // 4,000 hints a second: one batch a millisecond at the most, and not much more late.
        assertThat(world.forces - before).isBetween(500L, 1_010L);
    }

    @Test
    void aReadGetsTheNewestHintOfAllTargets() {
        HintWorld world = started();
        Cell older = world.cell("older");
        Cell newer = world.cell("newer");
        world.store(N2, "k", newer);
        world.store(N3, "k", older);
        assertThat(world.hints().find(Key.utf8("k"))).isEqualTo(newer);
        assertThat(world.hints().find(Key.utf8("other"))).isNull();
        assertThat(world.hints().heldFor(Key.utf8("k")))
                .extracting(Reply.HeldHint::target)
                .containsExactly(N2, N3);
    }

    @Test
    void aTargetThatHoldsSomethingNewerNeedsTheHintNoMore() {
        HintWorld world = started();
        Cell hinted = world.cell("hinted");
        world.store(N2, "k", hinted);
        Cell newer = world.cell("newer");
        world.target(N2).held.put(Key.utf8("k"), newer);
        world.target(N2).alive = true;
        assertThat(drained(world, 5_000)).isTrue();
        assertThat(world.target(N2).held).containsEntry(Key.utf8("k"), newer);
    }

    @Test
    void aNewerHintThatComesWhileTheOlderIsUnderWayIsDeliveredToo() {
        HintWorld world = started();
        world.target(N2).alive = true;
        world.target(N2).delayNanos = 50_000_000;
        world.loop.runFor(1_000);
        world.store(N2, "k", world.cell("1"));
        assertThat(world.target(N2).underWay).isEqualTo(1);
        Cell newer = world.cell("2");
        world.store(N2, "k", newer);
        assertThat(drained(world, 5_000)).isTrue();
        assertThat(world.target(N2).held).containsEntry(Key.utf8("k"), newer);
        world.losePower();
        world.start();
        assertThat(world.hints().holdsOlderThan(Key.utf8("k"), newer.version())).isFalse();
    }

    @Test
    void theVersionOfEveryHintSurvivesItsEncoding() throws IOException {
        HintCodec codec = new HintCodec();
        Version version =
                new Version(Long.MAX_VALUE, new NodeId("a-node_with.32-characters-in-it"), -1);
        Cell cell = new Cell.Live(version, new byte[70_000], "text/plain; charset=utf-8", 123);
        HintRecord hintRecord = new HintRecord.Stored(7, Key.of(new byte[1024]), cell);
        assertThat(codec.decode(codec.encode(hintRecord))).isEqualTo(hintRecord);
    }
}

package dev.minidynamo.hints;

import static dev.minidynamo.hints.HintWorld.N2;
import static dev.minidynamo.hints.HintWorld.N3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.env.DiskFullException;
import dev.minidynamo.hints.HintLossListener.Loss;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.sim.SimDisk;
import dev.minidynamo.wal.SyncMode;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

@DisplayName("Hints take bounded space (P9, P10)")
class HintSpaceTest {

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
        assertThat(kept).isBetween(20, 30);
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
    void theNumberOfHintsIsBoundedToo() {
        HintWorld world = new HintWorld(1);
        world.options = HintOptions.defaults().withMaxHintsPerTarget(10);
        world.start();
        world.storeMany(N2, 0, 10);
        assertThat(world.store(N2, "key10", world.cell("v")))
                .isEqualTo(new HintResult.Overflowed());
        world.storeMany(N2, 0, 10);
        assertThat(world.status(N2).overflowed()).isEqualTo(1);
        world.target(N2).alive = true;
        assertThat(world.drained(5_000)).isTrue();
        assertThat(world.store(N2, "key10", world.cell("v"))).isEqualTo(new HintResult.Stored());
    }

    @Test
    @DisplayName("P9: a log that a crash left unmade on a full disk keeps no node from starting")
    void anUnmadeLogKeepsNoNodeFromStarting() throws IOException {
        HintWorld world = new HintWorld(1);
        world.disk.createDirectories("hints/n2");
        world.disk.put("hints/n2/0000000001.seg", new byte[0]);
        world.disk.setFaults((operation, path, ordinal) ->
                operation == SimDisk.Operation.RENAME
                        ? new DiskFullException("no space left")
                        : null);
        world.start();
        assertThat(world.refusedToStart).isNull();
        assertThat(world.store(N2, "key", world.cell("v"))).isInstanceOf(HintResult.DiskFull.class);
        world.disk.setFaults(SimDisk.NONE);
        assertThat(world.store(N2, "key", world.cell("v"))).isEqualTo(new HintResult.Stored());
    }

    @Test
    @DisplayName("P9: a full disk keeps no hint, loses none, and takes hints again later")
    void aFullDiskKeepsNoHintAndLosesNone() {
        HintWorld world = HintWorld.started();
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
        HintWorld world = HintWorld.started();
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
    @DisplayName("P1: the own store takes what was hinted for a node that left the ring")
    void hintsForANodeThatLeftTheRingAreAdopted() {
        HintWorld world = HintWorld.started();
        world.storeMany(N2, 0, 5);
        world.storeMany(N3, 0, 7);
        world.hints().retainTargets(Set.of(HintWorld.SELF, N3));
        world.own.full = true;
        world.loop.runFor(20_000);
        assertThat(world.hints().status().count()).isEqualTo(12);
        assertThat(world.hints().holdsOlderThan(Key.utf8("key0"), world.version())).isTrue();
        world.own.full = false;
        world.loop.runFor(6_000);
        assertThat(world.own.held).hasSize(5);
        assertThat(world.hints().status().adopted()).isEqualTo(5);
        assertThat(world.hints().status().count()).isEqualTo(7);
        assertThat(world.disk.paths()).noneMatch(path -> path.startsWith("hints/n2/"));
        world.losePower();
        assertThat(world.start()).isTrue();
        assertThat(world.hints().status().count()).isEqualTo(7);
        assertThat(world.disk.paths()).noneMatch(path -> path.startsWith("hints/n2/"));
    }

    @Test
    void whatIsDroppedByHandStaysDropped() {
        HintWorld world = HintWorld.started();
        world.storeMany(N2, 0, 5);
        world.hints().dropAll(N2);
        assertThat(world.hints().status().count()).isZero();
        world.storeMany(N2, 5, 8);
        world.losePower();
        world.start();
        assertThat(world.hints().status().count()).isEqualTo(3);
    }

    @Test
    void theSpaceOfDeliveredHintsComesBack() {
        HintWorld world = new HintWorld(1);
        world.options = HintOptions.defaults().withSegmentBytes(16_384);
        world.start();
        world.storeMany(N2, 0, 5_000);
        assertThat(world.status(N2).segments()).isGreaterThan(10);
        world.target(N2).alive = true;
        assertThat(world.drained(10_000)).isTrue();
        world.loop.runFor(2_000);
        assertThat(world.status(N2).segments()).isEqualTo(1);
        assertThat(world.disk.usedBytes()).isLessThan(20_000);
    }

    @Test
    @DisplayName("P7: what was delivered is not on disk any more, where damage could bring it back")
    void nothingDeliveredStaysOnDisk() {
        HintWorld world = HintWorld.started();
        world.storeMany(N2, 0, 10);
        assertThat(onDisk(world)).contains("value7");
        world.target(N2).alive = true;
        assertThat(world.drained(10_000)).isTrue();
        world.loop.runFor(2_000);
        assertThat(onDisk(world)).doesNotContain("value");
        world.target(N2).alive = false;
        world.storeMany(N2, 20, 22);
        world.losePower();
        world.start();
        assertThat(world.hints().status().count()).isEqualTo(2);
    }

    private static String onDisk(HintWorld world) {
        StringBuilder all = new StringBuilder();
        for (String path : world.disk.paths()) {
            all.append(new String(world.disk.bytes(path), StandardCharsets.ISO_8859_1));
        }
        return all.toString();
    }

    @Test
    @DisplayName("P12: hints that wait for a log to be opened are bounded")
    void whatWaitsForALogToBeOpenedIsBounded() {
        HintWorld world = HintWorld.started();
        List<HintResult> atOnce = new ArrayList<>();
        world.loop.at(
                world.loop.nowNanos(),
                world.life,
                () -> {
                    for (int i = 0; i < 64; i++) {
                        Cell cell = world.cell("x".repeat(1 << 20));
                        world.hints().store(N2, Key.utf8("key" + i), cell, atOnce::add);
                    }
                });
        world.loop.runUntil(() -> !atOnce.isEmpty(), 10);
        assertThat(atOnce).hasSize(48).containsOnly(new HintResult.Overflowed());
        assertThat(world.lost(Loss.OVERFLOWED)).isEqualTo(48);
        assertThat(world.loop.runUntil(() -> atOnce.size() == 64, 10_000)).isTrue();
    }

    @Test
    void aLongOutageWithManyWritesOfTheSameKeysTakesBoundedSpace() {
        HintWorld world = new HintWorld(1);
        world.options = HintOptions.defaults().withSegmentBytes(16_384);
        world.start();
        for (int round = 0; round < 60; round++) {
            world.storeMany(N2, 0, 200);
            world.loop.runFor(300);
        }
        HintStatus.Target status = world.status(N2);
        assertThat(status.count()).isEqualTo(200);
        assertThat(status.logBytes()).isLessThan(4 * 16_384 + 2 * 200 * 80);
        world.losePower();
        world.start();
        assertThat(world.hints().status().count()).isEqualTo(200);
        world.target(N2).alive = true;
        assertThat(world.drained(5_000)).isTrue();
        assertThat(world.target(N2).held).hasSize(200);
    }

    @Test
    void aColdSegmentIsRewrittenAndItsHintsStay() {
        HintWorld world = new HintWorld(1);
        world.options = HintOptions.defaults().withSegmentBytes(16_384);
        world.start();
        world.storeMany(N2, 0, 20);
        for (int round = 0; round < 60; round++) {
            world.storeMany(N2, 20, 220);
            world.loop.runFor(300);
        }
        assertThat(world.status(N2).segments()).isLessThanOrEqualTo(6);
        assertThat(world.status(N2).count()).isEqualTo(220);
        world.losePower();
        world.start();
        world.target(N2).alive = true;
        assertThat(world.drained(5_000)).isTrue();
        assertThat(world.target(N2).held).hasSize(220);
    }

    @Test
    void manyHintsShareAForce() {
        HintWorld world = HintWorld.started();
        world.disk.setLatency(1_000_000, 2_000);
        world.storeMany(N2, 0, 1);
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
        // Four come during a force of a millisecond, and four while the log then waits for more.
        assertThat(world.forces - before).isBetween(300L, 510L);
    }

    @Test
    @DisplayName("P7: a delivery that a full disk refused to note is noted once there is space")
    void aDeliveryIsNotedOnceThereIsSpaceAgain() {
        HintWorld world = ofAStandIn();
        fillTheDisk(world);
        world.target(N2).alive = true;
        assertThat(world.drained(20_000)).isTrue();
        world.loop.runFor(5_000);
        world.disk.setCapacityBytes(Long.MAX_VALUE);
        world.loop.runFor(60_000);
        assertDeliversNothingAfterTheGrace(world);
    }

    @Test
    @DisplayName("P7: what was dropped by hand on a full disk is held until that is noted")
    void aDropIsNotedOnceThereIsSpaceAgain() {
        HintWorld world = ofAStandIn();
        fillTheDisk(world);
        world.hints().dropAll(N2);
        world.loop.runFor(5_000);
        assertThat(world.hints().status().count()).isZero();
        assertThat(world.hints().holdsOlderThan(Key.utf8("k"), world.version())).isTrue();
        world.disk.setCapacityBytes(Long.MAX_VALUE);
        world.loop.runFor(60_000);
        world.target(N2).alive = true;
        assertDeliversNothingAfterTheGrace(world);
    }

    @Test
    @DisplayName("P7: with interval(T) too, a delivered hint counts as held until that is forced")
    void aDeliveryIsForcedBeforeAHintCountsAsGone() {
        int gone = 0;
        for (int step = 0; step < 200; step++) {
            HintWorld world = new HintWorld(step);
            world.options = HintOptions.defaults().withSync(new SyncMode.Interval(1000));
            world.isReplica = false;
            world.start();
            world.store(N2, "k", world.cell("old"));
            world.loop.runFor(2_000);
            world.target(N2).alive = true;
            for (int i = 0; i < step; i++) {
                world.loop.runOne();
            }
            if (!world.hints().holdsOlderThan(Key.utf8("k"), world.version())) {
                gone++;
                world.target(N2).alive = false;
                world.losePower();
                world.start();
                assertThat(world.hints().find(Key.utf8("k"))).as("after %s steps", step).isNull();
            }
        }
        assertThat(gone).isPositive();
    }

    /** Leaves a hint for k on a disk that takes nothing more. */
    private static void fillTheDisk(HintWorld world) {
        world.store(N2, "k", world.cell("old"));
        world.disk.setCapacityBytes(world.disk.usedBytes());
        for (int i = 0, full = 0; full < 2; i++) { // the space taken ahead is used up
            Cell cell = world.cell("x".repeat(i < 150 ? 10_000 : 20));
            full += world.store(N2, "x", cell) instanceof HintResult.DiskFull ? 1 : 0;
        }
    }

    @Test
    @DisplayName("P7: a hint that could not be read once does not come back after the grace")
    void aHintGivenUpAsDamagedDoesNotComeBack() {
        HintWorld world = ofAStandIn();
        world.store(N2, "k", world.cell("old"));
        int[] failures = {1};
        world.disk.setFaults((operation, path, ordinal) ->
                operation == SimDisk.Operation.READ
                                && path.startsWith("hints/n2/")
                                && failures[0]-- > 0
                        ? new IOException("Input/output error")
                        : null);
        world.hints().find(Key.utf8("k"));
        assertThat(world.lost(Loss.DAMAGED)).isEqualTo(1);
        world.loop.runFor(60_000);
        world.target(N2).alive = true;
        assertDeliversNothingAfterTheGrace(world);
    }

    /** Its hints do not become too old, since nobody but it may hold the write. */
    private static HintWorld ofAStandIn() {
        HintWorld world = new HintWorld(1);
        world.isReplica = false;
        world.start();
        return world;
    }

    private static void assertDeliversNothingAfterTheGrace(HintWorld world) {
        world.wallOffsetMillis += 12 * 86_400_000L;
        assertThat(world.hints().holdsOlderThan(Key.utf8("k"), world.version())).isFalse();
        world.target(N2).held.clear(); // the delete that covered it is reaped
        world.kill();
        world.start();
        world.loop.runFor(20_000);
        assertThat(world.target(N2).held).isEmpty();
    }
}

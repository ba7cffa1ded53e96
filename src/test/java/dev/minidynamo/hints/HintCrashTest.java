package dev.minidynamo.hints;

import static dev.minidynamo.hints.HintWorld.N2;
import static dev.minidynamo.hints.HintWorld.N3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.sim.SimRandom;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.TreeMap;

@DisplayName("P2: hints that were acknowledged survive a crash at every disk operation")
class HintCrashTest {

    private static final int SEGMENT_BYTES = 1_024;

    private final Map<NodeId, Map<Key, Cell>> acknowledged = new TreeMap<>();

    private HintWorld world(long seed) {
        HintWorld world = new HintWorld(seed);
        world.options = HintOptions.defaults().withSegmentBytes(SEGMENT_BYTES);
        acknowledged.clear();
        acknowledged.put(N2, new TreeMap<>());
        acknowledged.put(N3, new TreeMap<>());
        return world;
    }

    /** Stores, replaces and delivers hints until the end, or until the process dies. */
    private void work(HintWorld world, long seed) {
        SimRandom random = new SimRandom(seed);
        if (!world.start()) {
            return;
        }
        for (int i = 0; i < 40 && !world.life.ended(); i++) {
            NodeId target = random.nextInt(4) == 0 ? N3 : N2;
            String key = "key" + random.nextInt(12);
            Cell cell = world.cell("v".repeat(1 + random.nextInt(60)));
            if (world.store(target, key, cell) instanceof HintResult.Stored) {
                acknowledged.get(target).put(Key.utf8(key), cell);
            }
            world.target(N2).alive = i / 10 % 2 == 1;
            if (i % 5 == 4) {
                world.loop.runFor(600);
            }
        }
    }

    private void check(HintWorld world, String when) {
        assertThat(world.start()).as("start after " + when).isTrue();
        acknowledged.forEach((target, cells) ->
                cells.forEach((key, cell) -> checkHeld(world, target, key, cell, when)));
        world.target(N2).alive = true;
        world.target(N3).alive = true;
        assertThat(world.loop.runUntil(() -> world.hints().status().count() == 0, 30_000))
                .as("drained after " + when)
                .isTrue();
        acknowledged.forEach((target, cells) ->
                cells.forEach((key, cell) ->
                        assertThat(world.target(target).held.get(key).version())
                                .as(key + " at " + target + " after " + when)
                                .isGreaterThanOrEqualTo(cell.version())));
    }

    private void checkHeld(HintWorld world, NodeId target, Key key, Cell cell, String when) {
        boolean hinted =
                world.hints().heldFor(key).stream()
                        .anyMatch(h ->
                                h.target().equals(target)
                                        && h.version().compareTo(cell.version()) >= 0);
        Cell there = world.target(target).held.get(key);
        boolean delivered = there != null && there.version().compareTo(cell.version()) >= 0;
        assertThat(hinted || delivered).as(key + " for " + target + " after " + when).isTrue();
    }

    @Test
    void noAcknowledgedHintIsLostByAPowerLossAtAnyOperation() {
        for (long seed = 1; seed <= 3; seed++) {
            HintWorld whole = world(seed);
            work(whole, seed);
            long operations = whole.disk.operations();
            assertThat(operations).isGreaterThan(200);
            for (long at = 0; at < operations; at++) {
                HintWorld world = world(seed * 1_000_003 + at);
                world.disk.crashAtOperation(at);
                work(world, seed);
                world.losePower();
                check(world, "seed " + seed + ", power loss at operation " + at);
            }
        }
    }

    @Test
    void noAcknowledgedHintIsLostByTwoCrashesInARow() {
        for (long seed = 10; seed < 60; seed++) {
            HintWorld world = world(seed);
            SimRandom random = new SimRandom(seed);
            for (int crash = 0; crash < 3; crash++) {
                world.disk.crashAtOperation(world.disk.operations() + random.nextInt(150));
                work(world, seed + crash * 100);
                if (random.nextInt(2) == 0) {
                    world.kill();
                } else {
                    world.losePower();
                }
            }
            check(world, "seed " + seed + ", three crashes");
        }
    }

    @Test
    @DisplayName("P7: what was delivered and written down does not come back with a crash")
    void redeliveryAfterACrashIsHarmless() {
        for (long seed = 1; seed <= 20; seed++) {
            HintWorld world = world(seed);
            world.start();
            Cell cell = world.cell("v");
            world.store(N2, "k", cell);
            Cell newer = world.cell("newer");
            world.target(N2).alive = true;
            world.loop.runUntil(() -> world.hints().status().count() == 0, 5_000);
            world.target(N2).held.put(Key.utf8("k"), newer);
            // The delivery has not been written down yet.
            world.losePower();
            world.start();
            world.loop.runFor(3_000);
            assertThat(world.hints().status().count()).isZero();
            assertThat(world.target(N2).held).containsEntry(Key.utf8("k"), newer);
            int writes = world.target(N2).writes;
            world.losePower();
            world.start();
            world.loop.runFor(3_000);
            assertThat(world.target(N2).writes).isEqualTo(writes);
        }
    }
}

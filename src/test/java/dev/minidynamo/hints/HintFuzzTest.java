package dev.minidynamo.hints;

import static dev.minidynamo.hints.HintWorld.N2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.hints.HintLossListener.Loss;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.sim.SimDisk;
import dev.minidynamo.sim.SimRandom;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

@DisplayName("P11: damaged hint logs keep no node from starting and bring nothing wrong")
class HintFuzzTest {

    private static final int HINTS = 12;
    private static final String FIRST = "hints/n2/0000000001.seg";
    private static final String MANIFEST = "hints/n2/manifest";

    private final Map<Key, Cell> stored = new TreeMap<>();
    private SimDisk image = new SimDisk(new SimRandom(0));

    @BeforeEach
    void storeSomeHints() {
        HintWorld world = world();
        world.start();
        for (int i = 0; i < HINTS; i++) {
            Cell cell = i == 5 ? new Cell.Tombstone(world.version()) : world.cell("value " + i);
            assertThat(world.store(N2, "key" + i, cell)).isEqualTo(new HintResult.Stored());
            stored.put(Key.utf8("key" + i), cell);
        }
        world.kill();
        image = world.disk;
        assertThat(image.paths()).contains(FIRST, MANIFEST);
    }

    private static HintWorld world() {
        HintWorld world = new HintWorld(1);
        world.options = HintOptions.defaults().withSegmentBytes(1_024);
        return world;
    }

    private HintWorld copy() {
        HintWorld world = world();
        world.disk = SimDisk.copyOf(image, new SimRandom(2));
        return world;
    }

    /** Starts on a damaged disk; returns how many of the hints are there, all unharmed. */
    private int survivors(HintWorld world, String damage) {
        assertThat(world.start()).as("starts with " + damage).isTrue();
        int there = 0;
        for (Map.Entry<Key, Cell> each : stored.entrySet()) {
            Cell found = world.hints().find(each.getKey());
            if (found != null) {
                assertThat(found).as(each.getKey() + " with " + damage).isEqualTo(each.getValue());
                there++;
            }
        }
        assertThat(world.fatal).isEmpty();
        return there;
    }

    @Test
    void aTruncationAtAnyByteLosesOnlyWhatIsCutOff() {
        for (String path : image.paths()) {
            byte[] bytes = image.bytes(path);
            int before = -1;
            for (int length = 0; length <= bytes.length; length++) {
                HintWorld world = copy();
                world.disk.put(path, Arrays.copyOf(bytes, length));
                int there = survivors(world, path + " cut to " + length + " bytes");
                if (!path.equals(MANIFEST)) {
                    assertThat(there).isGreaterThanOrEqualTo(before);
                    before = there;
                }
            }
        }
    }

    @Test
    void noFlippedBitGoesUnnoticed() {
        for (String path : image.paths()) {
            long bits = image.bytes(path).length * 8L;
            for (long bit = 0; bit < bits; bit++) {
                HintWorld world = copy();
                world.disk.flipBit(path, bit);
                int there = survivors(world, "bit " + bit + " of " + path + " flipped");
                assertThat(there).isGreaterThanOrEqualTo(HINTS - 2);
                boolean noticed = world.status(N2).damaged() > 0 || tailOnly(world);
                assertThat(there == HINTS || noticed)
                        .as("bit " + bit + " of " + path + " is noticed")
                        .isTrue();
            }
        }
    }

    /** Whether the loss is at the very end, where damage and a torn write look alike. */
    private boolean tailOnly(HintWorld world) {
        return world.hints().find(Key.utf8("key" + (HINTS - 1))) == null;
    }

    @Test
    void damageIsSetAsideReportedOnceAndNotFoundAgain() {
        HintWorld world = copy();
        int middle = 40 * 8 + 3;
        world.disk.flipBit(FIRST, middle);
        assertThat(survivors(world, "a flipped bit")).isLessThan(HINTS);
        world.loop.runFor(1_000);
        assertThat(world.status(N2).damaged()).isEqualTo(1);
        assertThat(world.losses).containsExactly("n2 null DAMAGED");
        List<String> aside =
                world.disk.paths().stream().filter(p -> p.startsWith("quarantine/")).toList();
        assertThat(aside).isNotEmpty();
        world.losePower();
        survivors(world, "a flipped bit, second start");
        assertThat(world.status(N2).damaged()).isZero();
        world.target(N2).alive = true;
        assertThat(world.loop.runUntil(() -> world.hints().status().count() == 0, 5_000)).isTrue();
    }

    @Test
    void aHintThatIsDamagedWhileItWaitsIsDroppedAndReported() {
        HintWorld world = copy();
        assertThat(survivors(world, "nothing")).isEqualTo(HINTS);
        world.disk.flipBit(FIRST, 60 * 8);
        world.target(N2).alive = true;
        assertThat(world.loop.runUntil(() -> world.hints().status().count() == 0, 5_000)).isTrue();
        assertThat(world.target(N2).held).hasSize(HINTS - 1);
        assertThat(world.status(N2).damaged()).isEqualTo(1);
        assertThat(world.lost(Loss.DAMAGED)).isEqualTo(1);
        world.target(N2).held.forEach((key, cell) -> assertThat(cell).isEqualTo(stored.get(key)));
    }
}

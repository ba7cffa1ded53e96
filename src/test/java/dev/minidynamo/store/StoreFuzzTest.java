package dev.minidynamo.store;

import static dev.minidynamo.store.StoreRig.key;
import static dev.minidynamo.store.StoreRig.live;
import static dev.minidynamo.store.StoreRig.tombstone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.Cell;
import dev.minidynamo.sim.SimDisk;
import dev.minidynamo.sim.SimRandom;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * P1, P7, P11: a store that dies anywhere, or whose files are harmed anywhere, answers with what
 * was acknowledged, with what was in flight, or says that it cannot tell.
 */
class StoreFuzzTest {

    private static final int KEYS = 12;

    /** What a store may answer for each key. */
    private static final class Model {

        private final TreeMap<String, Long> acknowledged = new TreeMap<>();
        private final TreeMap<String, Long> attempted = new TreeMap<>();
        private final TreeMap<String, Long> reaped = new TreeMap<>();

        void attempt(String key, long counter) {
            attempted.put(key, counter);
        }

        void acknowledge(String key, long counter) {
            acknowledged.merge(key, counter, Math::max);
        }

        void assertHonest(StoreRig rig, String what) {
            for (int i = 0; i < KEYS; i++) {
                assertHonest(rig, "k" + i, what);
            }
        }

        private void assertHonest(StoreRig rig, String key, String what) {
            ReadResult result = rig.store().read(key(key));
            long least = acknowledged.getOrDefault(key, -1L);
            long most = attempted.getOrDefault(key, -1L);
            if (result instanceof ReadResult.Found(Cell found)) {
                long counter = found.version().timestamp() - StoreRig.version(0).timestamp();
                assertThat(counter).as("%s: %s", what, key).isBetween(least, most);
                assertThat(found).as("%s: %s", what, key).isEqualTo(cell(counter));
            } else if (result instanceof ReadResult.Missing) {
                boolean may = least < 0 || reaped.getOrDefault(key, -1L) >= least;
                assertThat(may).as("%s: %s may be missing", what, key).isTrue();
            }
        }
    }

    /** The cell of a counter: every third is a tombstone. */
    private static Cell cell(long counter) {
        return counter % 3 == 2 ? tombstone(counter) : live(counter, "value " + counter);
    }

    private static StoreRig rig(long seed) {
        StoreRig rig = new StoreRig(seed);
        rig.options =
                rig.options
                        .withLog(rig.options.log().withSegments(1024, 256).withReserve(0))
                        .withMaintenance(1 << 30, 1 << 30, 1 << 30, 1000);
        return rig;
    }

    /**
     * Writes, deletes, reaps, snapshots, compacts and persists the clock, until the end or death.
     */
    private static long workload(StoreRig rig, Model model, int rounds) {
        rig.open();
        SimRandom random = new SimRandom(5);
        for (long round = 0; round < rounds && !rig.life.ended(); round++) {
            writeSome(rig, model, random, round);
            if (rig.life.ended() || rig.store == null) {
                break;
            }
            act(rig, model, (int) (round % 9));
        }
        return rig.disk.operations();
    }

    private static void writeSome(StoreRig rig, Model model, SimRandom random, long round) {
        List<ApplyResult> results = new ArrayList<>();
        for (long i = 0; i < 5 && rig.store != null && !rig.life.ended(); i++) {
            String key = "k" + random.nextInt(KEYS);
            long counter = round * 10 + i;
            model.attempt(key, counter);
            rig.store()
                    .apply(
                            key(key),
                            cell(counter),
                            result -> {
                                model.acknowledge(key, counter);
                                results.add(result);
                            });
        }
        rig.loop.runUntil(() -> results.size() == 5 || rig.life.ended(), StoreRig.MINUTE);
    }

    private static void act(StoreRig rig, Model model, int action) {
        switch (action) {
            case 2 -> rig.snapshot();
            case 4 -> reap(rig, model);
            case 5, 7 -> rig.compact();
            case 6 -> rig.store().persistClock(1, rig.loop.nowMillis(), () -> {});
            default -> rig.loop.runFor(1);
        }
    }

    private static void reap(StoreRig rig, Model model) {
        for (int i = 0; i < KEYS; i++) {
            StoredMeta meta = rig.store().meta(key("k" + i));
            if (meta != null && meta.tombstone()) {
                long counter = meta.version().timestamp() - StoreRig.version(0).timestamp();
                model.reaped.put("k" + i, counter);
                rig.store().forget(meta.key(), meta.version());
            }
        }
    }

    @Test
    @DisplayName(
            "P1, P7: a crash at any disk operation of writing, snapshot or compaction is survived")
    void aCrashAtAnyDiskOperationIsSurvived() {
        long operations = workload(rig(0), new Model(), 30);
        for (long crash = 0; crash < operations; crash++) {
            StoreRig rig = rig(crash);
            Model model = new Model();
            rig.disk.crashAtOperation(crash);
            workload(rig, model, 30);
            rig.losePower();
            if (crash % 3 == 0) {
                rig.disk.crashAtOperation(rig.disk.operations() + crash % 31);
                rig.open();
                rig.losePower();
            }
            String what = "crash at operation " + crash;
            rig.open();
            assertThat(rig.refused).as(what).isNull();
            assertThat(rig.store().damagedLeaves().isEmpty()).as(what).isTrue();
            model.assertHonest(rig, what);
            rig.apply("after", live(1, "after"));
            rig.losePower();
            assertThat(rig.open().read("after")).as(what).isEqualTo("after");
            model.assertHonest(rig, what + ", opened again");
        }
    }

    @Test
    @DisplayName(
            "P11: no flipped bit of any file of a node is silently wrong or keeps it from starting")
    void noFlippedBitIsSilentlyWrong() {
        StoreRig original = rig(3);
        Model model = new Model();
        workload(original, model, 7);
        original.killProcess();
        for (String path : original.disk.paths()) {
            long bits = original.disk.bytes(path).length * 8L;
            for (long bit = path.hashCode() & 1; bit < bits; bit += bits > 4000 ? 3 : 1) {
                SimDisk disk = SimDisk.copyOf(original.disk, new SimRandom(bit));
                disk.flipBit(path, bit);
                StoreRig rig = new StoreRig(disk, bit);
                rig.options = original.options;
                rig.open();
                assertThat(rig.refused).as("bit %d of %s", bit, path).isNull();
                if (rig.store().status().start().recovery().torn().isEmpty()) {
                    model.assertHonest(rig, "bit " + bit + " of " + path);
                }
            }
        }
    }

    @Test
    @DisplayName("P11: any file of a node may be missing or empty")
    void anyFileMayBeMissingOrEmpty() {
        StoreRig original = rig(4);
        Model model = new Model();
        workload(original, model, 7);
        original.store().persistClock(1, 1, () -> {});
        original.loop.runFor(100);
        original.killProcess();
        for (String path : original.disk.paths()) {
            SimDisk empty = SimDisk.copyOf(original.disk, new SimRandom(1));
            empty.put(path, new byte[0]);
            SimDisk missing = SimDisk.copyOf(original.disk, new SimRandom(1));
            missing.remove(path);
            for (SimDisk disk : List.of(empty, missing)) {
                StoreRig rig = new StoreRig(disk, 1);
                rig.options = original.options;
                rig.open();
                assertThat(rig.refused).as(path).isNull();
                model.assertHonest(rig, path);
            }
        }
    }

    @Test
    @DisplayName(
            "P7, P11: in a long life with many deaths nothing acknowledged is lost or comes back")
    void aLongLifeWithManyDeaths() {
        for (long seed = 0; seed < 12; seed++) {
            StoreRig rig = rig(seed);
            SimRandom random = new SimRandom(seed);
            Model model = new Model();
            rig.open();
            for (long round = 0; round < 60; round++) {
                rig.disk.crashAtOperation(rig.disk.operations() + random.nextInt(150));
                for (long step = 0; step < 9 && !rig.life.ended(); step++) {
                    writeSome(rig, model, random, round * 9 + step);
                    if (!rig.life.ended()) {
                        act(rig, model, (int) step);
                    }
                }
                rig.losePower();
                rig.open();
                assertThat(rig.refused).isNull();
                assertThat(rig.store().damagedLeaves().isEmpty()).isTrue();
                model.assertHonest(rig, "seed " + seed + " round " + round);
            }
        }
    }
}

package dev.minidynamo.store;

import static dev.minidynamo.store.StoreRig.key;
import static dev.minidynamo.store.StoreRig.live;
import static dev.minidynamo.store.StoreRig.tombstone;
import static dev.minidynamo.store.StoreRig.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.env.DiskFullException;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.sim.SimDisk;
import dev.minidynamo.store.ApplyResult.Applied;
import dev.minidynamo.store.ApplyResult.Superseded;
import dev.minidynamo.wal.SyncMode;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a store promises to those who use it. */
class WalStoreTest {

    private static final byte[] K = {'k'};

    private final StoreRig rig = new StoreRig(1).open();

    @Test
    @DisplayName("P1: an applied cell is there after a power loss, with all its parts")
    void anAppliedCellSurvivesAPowerLoss() {
        Cell cell = new Cell.Live(version(5), new byte[] {0, -1, 7}, "text/plain", 1L << 41);
        assertThat(rig.apply("a", cell)).isEqualTo(new Applied());
        rig.losePower();
        rig.open();
        assertThat(rig.store().read(key("a"))).isEqualTo(new ReadResult.Found(cell));
        assertThat(rig.store().version(key("a"))).isEqualTo(version(5));
    }

    @Test
    @DisplayName("P6: the higher version wins whatever the order of arrival")
    void theHigherVersionWins() {
        rig.apply("a", live(5, "five"));
        assertThat(rig.apply("a", live(4, "four"))).isEqualTo(new Superseded(version(5)));
        assertThat(rig.apply("a", live(6, "six"))).isEqualTo(new Applied());
        rig.losePower();
        assertThat(rig.open().read("a")).isEqualTo("six");
    }

    @Test
    @DisplayName("P6: at a full tie the tombstone, then the larger bytes win")
    void aFullTieIsSettledByTheContents() {
        rig.apply("a", live(5, "abc"));
        assertThat(rig.apply("a", live(5, "abb"))).isEqualTo(new Superseded(version(5)));
        assertThat(rig.apply("a", live(5, "abc"))).isEqualTo(new Applied());
        assertThat(rig.apply("a", live(5, "abd"))).isEqualTo(new Applied());
        assertThat(rig.read("a")).isEqualTo("abd");
        assertThat(rig.apply("a", tombstone(5))).isEqualTo(new Applied());
        rig.losePower();
        assertThat(rig.open().read("a")).isEqualTo("deleted");
    }

    @Test
    void whatLosesAgainstACellOnItsWayIsToldSoOnceThatOneIsDurable() {
        List<ApplyResult> results = new ArrayList<>();
        rig.store().apply(key("a"), live(5, "five"), results::add);
        rig.store().apply(key("a"), live(4, "four"), results::add);
        rig.store().apply(key("a"), live(5, "five"), results::add);
        rig.store().apply(key("a"), live(6, "six"), results::add);
        assertThat(results).isEmpty();
        assertThat(rig.read("a")).isEqualTo("missing");
        rig.loop.runUntil(() -> results.size() == 4, StoreRig.MINUTE);
        assertThat(results)
                .containsExactly(
                        new Applied(), new Applied(), new Superseded(version(5)), new Applied());
        assertThat(rig.read("a")).isEqualTo("six");
    }

    @Test
    void anEntryIsForgottenOnlyAtExactlyItsVersion() {
        rig.apply("a", tombstone(5));
        assertThat(rig.store().forget(key("a"), version(4))).isFalse();
        assertThat(rig.store().forget(key("a"), version(5))).isTrue();
        assertThat(rig.store().forget(key("a"), version(5))).isFalse();
        assertThat(rig.read("a")).isEqualTo("missing");
    }

    @Test
    @DisplayName("P7: what a reaped tombstone covered stays gone through compaction and restart")
    void aReapedTombstoneTakesWhatItCoveredWithIt() {
        rig.apply("a", live(1, "covered"));
        rig.fill(200, 100);
        rig.apply("a", tombstone(2));
        rig.fill(200, 1000);
        rig.store().forget(key("a"), version(2));
        for (int round = 0; round < 4; round++) {
            rig.compact();
            rig.losePower();
            rig.open();
            assertThat(rig.read("a")).isIn("missing", "deleted");
        }
        assertThat(rig.read("k7")).isEqualTo("value of k7");
    }

    @Test
    @DisplayName(
            "P13: a blank directory draws an incarnation, and is blank until it has synchronised")
    void aRestartKeepsTheIncarnationAndALostDiskDrawsAnother() {
        assertThat(rig.store().blank()).isTrue();
        int first = rig.store().incarnation();
        rig.losePower();
        assertThat(rig.open().store().blank()).isTrue();
        assertThat(rig.store().incarnation()).isEqualTo(first);
        rig.store().setSynchronised(true, () -> {});
        rig.loop.runFor(1000);
        rig.losePower();
        assertThat(rig.open().store().blank()).isFalse();
        rig.life.end();
        rig.disk.lose();
        assertThat(rig.open().store().blank()).isTrue();
        assertThat(rig.store().incarnation()).isNotEqualTo(first);
        assertThat(rig.store().synchronised()).isFalse();
    }

    @Test
    @DisplayName("P8, P13: the clock's bound and the synchronised mark survive a power loss")
    void theClockRecordSurvivesAPowerLoss() {
        List<String> done = new ArrayList<>();
        rig.store().persistClock(77, 88, () -> done.add("clock"));
        rig.store().setSynchronised(true, () -> done.add("mark"));
        rig.loop.runUntil(() -> done.size() == 2, StoreRig.MINUTE);
        rig.losePower();
        rig.open();
        assertThat(rig.store().hlcFloor()).isEqualTo(77);
        assertThat(rig.store().lastAliveMillis()).isEqualTo(88);
        assertThat(rig.store().synchronised()).isTrue();
    }

    @Test
    void theDirectoryOfAnotherNodeIsRefused() {
        rig.killProcess();
        rig.options = StoreOptions.defaults("test", new NodeId("n2")).withLog(rig.options.log());
        rig.open();
        assertThat(rig.refused)
                .isInstanceOf(ForeignDirectoryException.class)
                .hasMessage(
                        "the data directory belongs to node \"n1\" of cluster \"test\", not to node"
                            + " \"n2\" of cluster \"test\"; give this node its own --data-dir.");
    }

    @Test
    @DisplayName("an expired value counts as dead from its expiry, with the same hash")
    void anExpiredValueKeepsItsHashAndCountsAsDead() {
        long expiry = StoreRig.START_MILLIS + 5000;
        Cell cell = new Cell.Live(version(1), new byte[1], Cell.DEFAULT_CONTENT_TYPE, expiry);
        rig.apply("a", cell);
        long before = rig.store().leaf(leafOf("a")).getFirst().hash();
        assertThat(rig.store().tombstones(expiry, 0, 10).entries()).isEmpty();
        rig.loop.runFor(10_000);
        TombstonePage page = rig.store().tombstones(expiry + 1, 0, 10);
        for (int leaf = page.nextLeaf(); page.entries().isEmpty(); leaf = page.nextLeaf()) {
            page = rig.store().tombstones(expiry + 1, leaf, 10);
        }
        assertThat(page.entries().getFirst())
                .isEqualTo(new StoredMeta(key("a"), version(1), 1, expiry, false));
        assertThat(rig.store().leaf(leafOf("a")).getFirst().hash()).isEqualTo(before);
        assertThat(before).isEqualTo(CellCodec.hash(key("a"), cell));
    }

    private static int leafOf(String key) {
        return KeyIndex.leafOf(StoreRig.token(key(key)));
    }

    @Test
    void aListenerHearsOfEveryEntryAndEveryChange() {
        rig.fill(50, 1);
        Map<Integer, Long> sums = new HashMap<>();
        rig.store().onChange((leaf, before, after) -> sums.merge(leaf, after - before, Long::sum));
        rig.fill(80, 1000);
        rig.apply("k3", tombstone(5000));
        rig.store().forget(key("k3"), version(5000));
        for (int leaf = 0; leaf < KeyIndex.LEAVES; leaf++) {
            long sum = rig.store().leaf(leaf).stream().mapToLong(EntryRef::hash).sum();
            assertThat(sums.getOrDefault(leaf, 0L)).isEqualTo(sum);
        }
    }

    @Test
    void aScanGivesKeysInOrderPageByPage() {
        rig.fill(300, 1);
        rig.apply("other", live(1, "x"));
        List<String> seen = new ArrayList<>();
        ScanPage page = scan(null, 7);
        while (true) {
            page.entries().forEach(entry -> seen.add(entry.key().toString()));
            if (!page.more()) {
                break;
            }
            page = scan(page.entries().getLast().key(), 7);
        }
        assertThat(seen).hasSize(300).isSorted();
        page = scan(null, 400);
        assertThat(page.entries()).hasSize(300);
        assertThat(page.more()).isFalse();
    }

    private ScanPage scan(Key after, int limit) {
        List<ScanPage> pages = new ArrayList<>();
        rig.store().scan(K, after, limit, pages::add);
        rig.loop.runUntil(() -> !pages.isEmpty(), StoreRig.MINUTE);
        return pages.getFirst();
    }

    @Test
    void cellsAreFoundByToken() {
        rig.apply("a", live(3, "x"));
        assertThat(rig.store().byToken(StoreRig.token(key("a"))))
                .containsExactly(new StoredCell(key("a"), live(3, "x")));
        assertThat(rig.store().byToken(StoreRig.token(key("b")))).isEmpty();
    }

    @Test
    @DisplayName("P10: after a failed force nothing is acknowledged, and fatal is called once")
    void afterAFailedForceNothingIsAcknowledged() {
        rig.apply("a", live(1, "kept"));
        rig.disk.setFaults((operation, path, ordinal) ->
                operation == SimDisk.Operation.FORCE && path.endsWith(".seg")
                        ? new IOException("EIO")
                        : null);
        assertThat(rig.apply("b", live(1, "x"))).isNull();
        rig.disk.setFaults(SimDisk.NONE);
        assertThat(rig.apply("c", live(1, "x"))).isNull();
        assertThat(rig.fatal).hasSize(1);
        rig.losePower();
        assertThat(rig.open().read("a")).isEqualTo("kept");
    }

    @Test
    void versionsOfManyWritersAreKeptApart() {
        for (int i = 0; i < 40; i++) {
            Version version = new Version(9, new NodeId("node-" + i), i);
            rig.apply("key" + i, new Cell.Tombstone(version));
        }
        rig.snapshot();
        rig.losePower();
        rig.open();
        for (int i = 0; i < 40; i++) {
            assertThat(rig.store().version(key("key" + i)))
                    .isEqualTo(new Version(9, new NodeId("node-" + i), i));
        }
    }

    @Test
    void theIndexIsWrittenDownAfterItsIntervalIfAnythingWasWritten() {
        rig.losePower();
        rig.options = rig.options.withSnapshotEvery(60_000);
        rig.open();
        rig.apply("a", live(1, "x"));
        rig.loop.runFor(61_000);
        long first = rig.store().status().snapshot().atMillis();
        assertThat(first).isPositive();
        rig.loop.runFor(58_000);
        assertThat(rig.store().status().snapshot().atMillis()).isEqualTo(first);
        rig.apply("b", live(1, "x"));
        rig.loop.runFor(3_000);
        assertThat(rig.store().status().snapshot().atMillis()).isGreaterThan(first);
    }

    @Test
    void compactionTakesASegmentInManyParts() {
        int keys = 30_000;
        rig.losePower();
        rig.options = rig.options.withLog(rig.options.log().withSegments(8 << 20, 64 << 10));
        rig.open();
        rig.fill(keys, 0);
        rig.fill(keys / 4, keys);
        List<String> told = new ArrayList<>();
        rig.store().compact(told::add);
        while (told.isEmpty()) {
            rig.loop.runFor(1);
            rig.apply("k" + keys / 2, live(2L * keys + rig.loop.nowMillis(), "new"));
        }

        StoreStatus.Compaction done = rig.store().status().compaction();
        assertThat(done.segments()).isEqualTo(1);
        assertThat(done.movedBytes()).isGreaterThan(1 << 20);
        rig.losePower();
        rig.open();
        assertThat(rig.store().liveKeys()).isEqualTo(keys);
        for (int i = 0; i < keys; i++) {
            assertThat(rig.read("k" + i)).isEqualTo(i == keys / 2 ? "new" : "value of k" + i);
        }
    }

    @Test
    @DisplayName("P1: with interval(T) too, compaction deletes nothing before its copy is forced")
    void compactionForcesItsCopiesWhateverTheSyncMode() {
        for (long seed = 1; seed <= 20; seed++) {
            StoreRig own = new StoreRig(seed);
            own.options =
                    own.options.withLog(own.options.log().withSync(new SyncMode.Interval(1000)));
            own.open();
            own.fill(100, 1);
            own.loop.runFor(60_000);
            assertThat(own.compact()).startsWith("Compacted");
            own.losePower();
            own.open();
            for (int i = 0; i < 100; i++) {
                assertThat(own.read("k" + i)).isEqualTo("value of k" + i);
            }
        }
    }

    @Test
    @DisplayName("P8: the clock's bound survives a power loss although its first write failed")
    void theClockFileIsThereAfterAFailedFirstWrite() {
        for (long seed = 1; seed <= 20; seed++) {
            StoreRig own = new StoreRig(seed).open();
            own.loop.runFor(3_000);
            int[] failures = {1};
            own.disk.setFaults((operation, path, ordinal) ->
                    operation == SimDisk.Operation.WRITE
                                    && path.equals("clock")
                                    && failures[0]-- > 0
                            ? new DiskFullException("no space left")
                            : null);
            long bound = version(1_000_000).timestamp();
            boolean[] durable = {false};
            own.store().persistClock(bound, StoreRig.START_MILLIS, () -> durable[0] = true);
            own.loop.runUntil(() -> durable[0], StoreRig.MINUTE);
            own.losePower();
            own.open();
            assertThat(own.store().hlcFloor()).isGreaterThanOrEqualTo(bound);
        }
    }

    /** What is refused leaves what it came after on its way, however many are refused at once. */
    @Test
    void anOlderCellDoesNotPassOneThatWaitsAfterNewerOnesWereRefused() {
        StoreRig rig = new StoreRig(6);
        rig.options = rig.options.withLog(rig.options.log().withMaxQueueBytes(200));
        WalStore store = rig.open().store();
        rig.disk.setLatency(1_000_000_000, 2_000);
        List<ApplyResult> results = new ArrayList<>();
        store.apply(key("other"), live(1, "is being written"), results::add);
        rig.loop.runFor(100);
        String value = "a value that fills the queue".repeat(5);
        for (int counter = 10; counter <= 30; counter += 10) {
            store.apply(key("a"), live(counter, value), results::add);
        }
        rig.loop.runFor(1);
        assertThat(results).hasSize(2).allMatch(r -> r instanceof ApplyResult.Overloaded);
        assertThat(rig.apply("a", tombstone(5))).isInstanceOf(Superseded.class);
        rig.loop.runFor(10_000);
        assertThat(rig.read("a")).isEqualTo(value);
    }
}

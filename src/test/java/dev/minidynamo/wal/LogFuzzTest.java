package dev.minidynamo.wal;

import static dev.minidynamo.wal.LogRig.texts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.sim.SimDisk;
import dev.minidynamo.sim.SimRandom;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * P1, P11: whatever happens to its files, a log opens with an exact prefix of what was acknowledged
 * plus at most what was in flight, or says what is damaged. The original refused to start at 98 of
 * 102 truncation points and was silently wrong after 374 of 736 bit flips.
 */
class LogFuzzTest {

    private static final int BLOCK = 64;

    private final List<String> written = texts("a record of some length ", 60);

    /** Three segments of records, closed by SIGKILL. */
    private LogRig threeSegments() {
        LogRig rig = new LogRig(1);
        rig.options = rig.options.withSegments(1024, 256).withReserve(0);
        rig.open();
        for (int i = 0; i < written.size(); i += 4) {
            rig.appendAll(written.subList(i, i + 4));
        }
        rig.killProcess();
        assertThat(rig.disk.paths()).filteredOn(path -> path.endsWith(".seg")).hasSize(3);
        return rig;
    }

    private static LogRig reopened(LogRig original, SimDisk disk) {
        LogRig rig = new LogRig(disk);
        rig.options = original.options;
        return rig.open();
    }

    private static SimDisk copy(LogRig rig) {
        return SimDisk.copyOf(rig.disk, new SimRandom(7));
    }

    /** Nothing invented, nothing out of order, and nothing lost without a word. */
    private void assertHonest(LogRig rig, String what) {
        assertThat(rig.refused).as("%s: refusal", what).isNull();
        int at = 0;
        for (String text : rig.replayed) {
            while (at < written.size() && !written.get(at).equals(text)) {
                at++;
            }
            assertThat(at).as("%s: %s is there in order", what, text).isLessThan(written.size());
            at++;
        }
        boolean prefix = rig.replayed.equals(written.subList(0, rig.replayed.size()));
        boolean whole = rig.replayed.size() == written.size();
        boolean damageTold = !rig.recovery().damage().isEmpty();
        boolean tornTold = !rig.recovery().torn().isEmpty();
        assertThat(whole || damageTold || (prefix && tornTold))
                .as("%s: %d of %d records are told", what, rig.replayed.size(), written.size())
                .isTrue();
    }

    @Test
    @DisplayName("P11: cut at every byte, the last segment opens with a prefix")
    void cutAtEveryByteTheLastSegmentOpensWithAPrefix() {
        LogRig original = threeSegments();
        String last = "kv/0000000003.seg";
        byte[] bytes = original.disk.bytes(last);
        for (int length = 0; length <= bytes.length; length++) {
            SimDisk disk = copy(original);
            disk.put(last, Arrays.copyOf(bytes, length));
            LogRig rig = reopened(original, disk);
            assertThat(rig.refused).isNull();
            assertThat(rig.replayed).isEqualTo(written.subList(0, rig.replayed.size()));
            assertThat(rig.recovery().damage().isEmpty()).isEqualTo(length >= SegmentHeader.BYTES);
        }
    }

    @Test
    @DisplayName("P11: cut at every byte, a sealed segment is reported as damaged")
    void cutAtEveryByteASealedSegmentIsReported() {
        LogRig original = threeSegments();
        String sealed = "kv/0000000002.seg";
        byte[] bytes = original.disk.bytes(sealed);
        for (int length = 0; length < bytes.length; length++) {
            SimDisk disk = copy(original);
            disk.put(sealed, Arrays.copyOf(bytes, length));
            LogRig rig = reopened(original, disk);
            assertHonest(rig, "cut at " + length);
            assertThat(rig.replayed).endsWith(written.getLast());
            assertThat(rig.recovery().damage()).isNotEmpty();
        }
    }

    @Test
    @DisplayName("P11: no flipped bit of any file is silently wrong or keeps the log from opening")
    void noFlippedBitIsSilentlyWrong() {
        LogRig original = threeSegments();
        for (String path : original.disk.paths()) {
            long bits = original.disk.bytes(path).length * 8L;
            for (long bit = 0; bit < bits; bit++) {
                SimDisk disk = copy(original);
                disk.flipBit(path, bit);
                assertHonest(reopened(original, disk), "bit " + bit + " of " + path);
            }
        }
    }

    @Test
    @DisplayName("P11: duplicated, swapped and zeroed blocks are noticed")
    void duplicatedSwappedAndZeroedBlocksAreNoticed() {
        LogRig original = threeSegments();
        for (String path : original.disk.paths()) {
            byte[] bytes = original.disk.bytes(path);
            for (int from = 0; from + BLOCK <= bytes.length; from += BLOCK) {
                for (int to = 0; to + BLOCK <= bytes.length; to += BLOCK) {
                    String what = path + " " + from + " " + to;
                    byte[] duplicated = bytes.clone();
                    System.arraycopy(bytes, from, duplicated, to, BLOCK);
                    byte[] swapped = duplicated.clone();
                    System.arraycopy(bytes, to, swapped, from, BLOCK);
                    byte[] zeroed = bytes.clone();
                    Arrays.fill(zeroed, Math.min(from, to), Math.max(from, to), (byte) 0);
                    for (byte[] harmed : List.of(duplicated, swapped, zeroed)) {
                        SimDisk disk = copy(original);
                        disk.put(path, harmed);
                        assertHonest(reopened(original, disk), what);
                    }
                }
            }
        }
    }

    @Test
    @DisplayName("P11: any file may be missing or empty")
    void anyFileMayBeMissingOrEmpty() {
        LogRig original = threeSegments();
        for (String path : original.disk.paths()) {
            SimDisk empty = copy(original);
            empty.put(path, new byte[0]);
            assertHonest(reopened(original, empty), path + " empty");
            SimDisk missing = copy(original);
            missing.remove(path);
            LogRig rig = reopened(original, missing);
            assertHonest(rig, path + " missing");
            assertThat(rig.recovery().damage()).isNotEmpty();
        }
    }

    @Test
    @DisplayName("P11: damage at the very end is told from a torn tail by what is known as durable")
    void damageAtTheEndIsToldFromATornTail() {
        LogRig original = threeSegments();
        LogRig first = reopened(original, copy(original));
        LogMark durable = first.log().durable();
        SimDisk disk = copy(original);
        disk.flipBit("kv/0000000003.seg", (durable.offset() - 3) * 8);
        LogRig rig = new LogRig(disk);
        rig.options = original.options;
        rig.open(LogMark.START, durable);
        assertThat(rig.recovery().damage()).hasSize(1);
        assertThat(rig.recovery().torn()).isEmpty();
    }

    @Test
    void acknowledgedDamageIsNotReportedAgain() {
        LogRig original = threeSegments();
        SimDisk disk = copy(original);
        disk.flipBit("kv/0000000002.seg", 500 * 8);
        LogRig rig = reopened(original, disk);
        assertThat(rig.recovery().damage()).hasSize(1);
        assertThat(disk.paths()).anyMatch(path -> path.endsWith(".damaged"));
        List<String> replayed = List.copyOf(rig.replayed);
        rig.log().acknowledgeDamage(() -> {});
        rig.loop.runFor(100);
        rig.losePower();
        rig.open();
        assertThat(rig.recovery().damage()).isEmpty();
        assertThat(rig.replayed).isEqualTo(replayed);
    }

    @Test
    void aGapOfNoBytesIsPassedOnce() {
        LogRig original = threeSegments();
        LogMark end = reopened(original, copy(original)).log().durable();
        LogMark durable = new LogMark(end.segment(), end.offset(), end.sequence() + 2);
        LogRig rig = new LogRig(copy(original));
        rig.options = original.options;
        rig.open(LogMark.START, durable);
        assertThat(rig.recovery().damage()).hasSize(1);
        rig.log().acknowledgeDamage(() -> {});
        rig.loop.runFor(100);
        rig.losePower();

        rig.open(LogMark.START, durable);
        assertThat(rig.recovery().damage()).isEmpty();
        rig.appendAll(List.of("after the gap"));
        rig.losePower();

        rig.open(LogMark.START, durable);
        assertThat(rig.replayed).hasSize(written.size() + 1).endsWith("after the gap");
    }

    @Test
    @DisplayName("P1, P11: a crash at any disk operation loses nothing that was acknowledged")
    void aCrashAtAnyDiskOperationLosesNothingAcknowledged() {
        long operations = workload(new LogRig(0), new ArrayList<>());
        for (long seed = 0; seed < 8; seed++) {
            for (long crash = 0; crash < operations; crash++) {
                LogRig rig = new LogRig(seed * 1000 + crash);
                rig.disk.crashAtOperation(crash);
                List<String> acknowledged = new ArrayList<>();
                workload(rig, acknowledged);
                rig.losePower();
                rig.disk.crashAtOperation(rig.disk.operations() + crash % 23);
                rig.open();
                rig.losePower();
                rig.open();
                assertPrefix(rig, acknowledged, "seed " + seed + " crash " + crash);
                assertThat(rig.appendAll(List.of("after"))).containsExactly("after");
                rig.losePower();
                assertThat(rig.open().replayed).endsWith("after");
            }
        }
    }

    private void assertPrefix(LogRig rig, List<String> acknowledged, String what) {
        assertThat(rig.refused).as(what).isNull();
        assertThat(rig.recovery().damage()).as(what).isEmpty();
        int last = rig.replayed.isEmpty() ? -1 : written.indexOf(rig.replayed.getLast());
        assertThat(last + 1).as(what).isGreaterThanOrEqualTo(acknowledged.size());
        int first = last + 1 - rig.replayed.size();
        assertThat(rig.replayed).as(what).isEqualTo(written.subList(first, last + 1));
    }

    /** Appends, rotates and drops; returns the operations it took. */
    private long workload(LogRig rig, List<String> acknowledged) {
        rig.options = rig.options.withSegments(1024, 256).withReserve(0);
        rig.open();
        for (int i = 0; i < written.size() && !rig.life.ended(); i += 3) {
            acknowledged.addAll(rig.appendAll(written.subList(i, i + 3)));
            if (i == 45 && !rig.life.ended()) {
                rig.log().dropBefore(2, dropped -> {});
            }
        }
        rig.loop.runFor(100);
        return rig.disk.operations();
    }
}

package dev.minidynamo.wal;

import static dev.minidynamo.wal.LogRig.text;
import static dev.minidynamo.wal.LogRig.texts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.env.DiskFullException;
import dev.minidynamo.sim.SimDisk;
import dev.minidynamo.sim.SimDisk.Operation;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a log promises while its disk works, and what it does when the disk does not. */
class SegmentedLogTest {

    @Test
    @DisplayName("P1: what was acknowledged is there again after a power loss")
    void whatWasAcknowledgedSurvivesAPowerLoss() {
        LogRig rig = new LogRig(1).open();
        List<String> written = texts("a", 200);
        assertThat(rig.appendAll(written)).isEqualTo(written);
        rig.losePower();
        assertThat(rig.open().replayed).isEqualTo(written);
        assertThat(rig.recovery().damage()).isEmpty();
    }

    @Test
    void aRecordIsReadAtThePlaceThatWasTold() throws IOException {
        LogRig rig = new LogRig(2).open();
        rig.appendAll(texts("record", 3));
        SegmentReader.Payload payload =
                Objects.requireNonNull(rig.log().read(rig.positions.get(1), rig.frames.get(1)));
        assertThat(text(payload.bytes())).endsWith("record1");
        assertThat(rig.log().read(rig.positions.get(1) + 1, rig.frames.get(1))).isNull();
    }

    @Test
    void whatWaitsTogetherIsOneWriteAndOneForce() {
        LogRig rig = new LogRig(3).open();
        rig.appendAll(texts("a", 64));
        assertThat(rig.log().status().forces()).isEqualTo(1);
        assertThat(rig.log().status().appended()).isEqualTo(64);
    }

    @Test
    void afterABatchOfSeveralTheNextWaitsForOtherWriters() {
        LogRig rig = new LogRig(3).open();
        List<String> outcomes = rig.appendAll(texts("a", 8));
        rig.append("early", outcomes);
        rig.loop.at(
                rig.loop.nowNanos() + 900_000,
                rig.life,
                () -> {
                    assertThat(outcomes).doesNotContain("early");
                    rig.append("late", outcomes);
                });
        rig.loop.runFor(10);
        assertThat(outcomes).endsWith("early", "late");
        assertThat(rig.log().status().forces()).isEqualTo(2);
    }

    @Test
    void manyThatWaitEndTheWaitForOthers() {
        LogRig rig = new LogRig(3).open();
        List<String> outcomes = rig.appendAll(texts("a", 20));
        for (String text : texts("b", 64)) {
            rig.append(text, outcomes);
        }
        rig.loop.runFor(1);
        assertThat(outcomes).endsWith("b63");
        assertThat(rig.log().status().forces()).isEqualTo(2);
        rig.append("next", outcomes);
        rig.loop.runFor(10);
        assertThat(outcomes).endsWith("next");
        assertThat(rig.log().status().forces()).isEqualTo(3);
    }

    @Test
    void aSingleWriterIsNeverHeldUp() {
        LogRig rig = new LogRig(3).open();
        for (String text : texts("a", 20)) {
            List<String> outcomes = new ArrayList<>();
            rig.append(text, outcomes);
            rig.loop.runFor(1);
            assertThat(outcomes).containsExactly(text);
        }
        assertThat(rig.log().status().forces()).isEqualTo(20);
    }

    @Test
    void aFullSegmentIsFollowedByTheNextAndAllAreReplayed() {
        LogRig rig = new LogRig(4);
        rig.options = rig.options.withSegments(1024, 256);
        rig.open();
        List<String> written = texts("a record of some length ", 300);
        rig.appendAll(written);
        assertThat(rig.log().status().segments()).isGreaterThan(8);
        rig.losePower();
        assertThat(rig.open().replayed).isEqualTo(written);
        assertThat(rig.recovery().damage()).isEmpty();
    }

    @Test
    void droppedSegmentsAreGoneForGood() {
        LogRig rig = new LogRig(5);
        rig.options = rig.options.withSegments(1024, 0);
        rig.open();
        rig.appendAll(texts("a record of some length ", 100));
        long keep = rig.log().end().segment();
        List<Long> gone = new ArrayList<>();
        rig.log().dropBefore(keep, gone::addAll);
        rig.loop.runFor(1000);
        assertThat(gone).isNotEmpty();
        rig.losePower();
        rig.open();
        assertThat(rig.replayed.getLast()).isEqualTo("a record of some length 99");
        assertThat(rig.replayed.size()).isLessThan(40);
        assertThat(rig.recovery().damage()).isEmpty();
    }

    @Test
    @DisplayName("P10: a failed force is fatal once, and nothing is acknowledged after it")
    void aFailedForceIsFatalOnceAndNothingIsAcknowledgedAfterIt() {
        LogRig rig = new LogRig(6).open();
        rig.appendAll(texts("a", 5));
        rig.disk.setFaults((operation, path, ordinal) ->
                operation == Operation.FORCE ? new IOException("EIO") : null);
        assertThat(rig.appendAll(texts("b", 5))).isEmpty();
        rig.disk.setFaults(SimDisk.NONE);
        assertThat(rig.appendAll(texts("c", 5))).isEmpty();
        assertThat(rig.fatal).hasSize(1);
        rig.losePower();
        assertThat(rig.open().replayed).startsWith("a0", "a1", "a2", "a3", "a4");
    }

    @Test
    @DisplayName("P9: a full disk refuses, keeps what it has, and takes records again later")
    void aFullDiskRefusesAndRecovers() {
        LogRig rig = new LogRig(7);
        rig.options = rig.options.withSegments(16 << 10, 1024).withReserve(4096);
        rig.open();
        rig.loop.runFor(100);
        rig.disk.setCapacityBytes(rig.disk.usedBytes() + 100);
        List<String> outcomes = rig.appendAll(texts("a record of some length ", 2000));
        assertThat(outcomes).contains("full");
        rig.loop.runFor(3000);
        assertThat(rig.log().status().spaceShort()).isTrue();
        rig.disk.setCapacityBytes(Long.MAX_VALUE);
        rig.loop.runFor(3000);
        assertThat(rig.log().status().spaceShort()).isFalse();
        outcomes.addAll(rig.appendAll(texts("later", 3)));
        outcomes.removeIf("full"::equals);
        assertThat(outcomes).contains("later2");
        rig.losePower();
        assertThat(rig.open().replayed).isEqualTo(outcomes);
        assertThat(rig.fatal).isEmpty();
    }

    @Test
    void anIntervalLogAcknowledgesBeforeTheForceAndForcesInTime() {
        LogRig rig = new LogRig(8);
        rig.options = rig.options.withSync(new SyncMode.Interval(200));
        rig.open();
        rig.appendAll(texts("a", 10));
        assertThat(rig.log().durable().sequence()).isZero();
        rig.loop.runFor(250);
        assertThat(rig.log().durable().sequence()).isEqualTo(10);
        rig.losePower();
        assertThat(rig.open().replayed).isEqualTo(texts("a", 10));
    }

    @Test
    void aCleanCloseForcesEverything() {
        LogRig rig = new LogRig(9);
        rig.options = rig.options.withSync(new SyncMode.Os());
        rig.open();
        List<String> done = new ArrayList<>();
        rig.append("last", done);
        rig.log().close(() -> done.add("closed"));
        rig.loop.runFor(1000);
        assertThat(done).containsExactly("last", "closed");
        rig.losePower();
        assertThat(rig.open().replayed).containsExactly("last");
    }

    @Test
    @DisplayName("P11: a torn tail is cut although the disk is too full to set it aside")
    void aTornTailIsCutOnAFullDiskToo() {
        LogRig rig = new LogRig(1).open();
        rig.appendAll(List.of("one", "two"));
        int end = (int) rig.log().end().offset();
        rig.killProcess();
        rig.disk.scribble("kv/0000000001.seg", end, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        rig.disk.setFaults((operation, path, ordinal) ->
                operation == SimDisk.Operation.MAKE_DIRECTORY && path.equals("quarantine")
                        ? new DiskFullException("no space left")
                        : null);
        rig.open();
        assertThat(rig.refused).isNull();
        assertThat(rig.replayed).containsExactly("one", "two");
    }
}

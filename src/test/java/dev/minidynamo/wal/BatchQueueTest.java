package dev.minidynamo.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.wal.BatchQueue.Waiting;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("P12: what waits for the disk is bounded by bytes")
class BatchQueueTest {

    private final LogOptions options = LogOptions.defaults("kv").withMaxQueueBytes(1 << 20);
    private final BatchQueue queue = new BatchQueue(options);

    private int offerUntilRefused(boolean urgent) {
        int taken = 0;
        while (queue.offer(waiting(urgent))) {
            taken++;
        }
        return taken;
    }

    private static Waiting waiting(boolean urgent) {
        return new Waiting(
                new byte[64 << 10],
                urgent,
                new Appended() {
                    @Override
                    public void durable(long position, int frameBytes) {}

                    @Override
                    public void diskFull(String why) {}
                });
    }

    @Test
    void urgentRecordsFindRoomWhereOthersDoNot() {
        assertThat(offerUntilRefused(false)).isEqualTo(15);
        assertThat(queue.bytes()).isLessThanOrEqualTo(1 << 20);
        assertThat(offerUntilRefused(true)).isEqualTo(64);
        assertThat(queue.bytes()).isLessThanOrEqualTo(5 << 20);
    }

    @Test
    void whatIsTakenOutMakesRoom() {
        offerUntilRefused(false);
        assertThat(queue.take(LogMark.START, 0)).isNotEmpty();
        assertThat(queue.offer(waiting(false))).isTrue();
        queue.drainWith(queue.take(LogMark.START, 0));
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void aRecordAloneIsTakenHoweverLargeItIs() {
        BatchQueue small = new BatchQueue(options.withMaxQueueBytes(1));
        assertThat(small.offer(waiting(false))).isTrue();
        assertThat(small.offer(waiting(false))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "2, 0", "3, 1", "65536, 1"})
    void aBatchWaitsForOtherWritersAndNeverForASingleOne(int records, long millis) {
        assertThat(queue.gatherMillis(records)).isEqualTo(millis);
    }

    @Test
    void nothingIsWaitedForWhenManyWaitAlready() {
        BatchQueue roomy = new BatchQueue(options.withMaxQueueBytes(64 << 20));
        for (int i = 0; i < 31; i++) {
            roomy.offer(waiting(false));
        }
        assertThat(roomy.gatherMillis(24)).isEqualTo(1);
        roomy.offer(waiting(false));
        assertThat(roomy.gatherMillis(24)).isZero();
    }
}

package dev.minidynamo;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import dev.minidynamo.antientropy.HashTree;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.protocol.BatchCodec;
import dev.minidynamo.protocol.MalformedMessageException;
import dev.minidynamo.protocol.RequestBatch;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.version.CellMerge;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;

/**
 * How many bytes the steps of a request allocate, by the count of the virtual machine that JMH's
 * profiler reads too; it does not depend on the speed of the machine.
 */
class AllocationTest {

    private static final int ROUNDS = 2_000;
    private static final Key KEY = HotPathInput.key(1);

    private final Ring ring = new Ring(HotPathInput.config());
    private final BatchCodec codec = new BatchCodec();
    private final RequestBatch batch = HotPathInput.batch();
    private final byte[] message = codec.encode(batch);

    /** Keeps results from being optimised away. */
    private Object last = "";

    private static double bytesEach(Runnable step) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        double least = Double.MAX_VALUE;
        for (int attempt = 0; attempt < 5; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                step.run();
            }
            long after = threads.getCurrentThreadAllocatedBytes();
            least = Math.min(least, (double) (after - before) / ROUNDS);
        }
        System.out.printf("FIGURE bytes allocated: %.1f%n", least);
        return least;
    }

    @Test
    void theReplicasOfAKeyAreFoundWithoutAllocation() {
        assertThat(bytesEach(() -> last = ring.preferenceList(KEY))).isLessThan(64);
    }

    @Test
    void theNewerOfTwoCellsIsFoundWithoutAllocation() {
        Cell older = HotPathInput.cell(1);
        Cell newer = HotPathInput.cell(2);
        assertThat(bytesEach(() -> last = CellMerge.merge(older, newer))).isLessThan(1);
    }

    @Test
    void theHashTreeTakesAChangeWithoutAllocation() {
        HashTree tree = new HashTree(HotPathInput.N1, ring);
        int[] next = {0};
        assertThat(bytesEach(() -> tree.changed(next[0] & 0xFFFF, next[0], ++next[0])))
                .isLessThan(1);
    }

    @Test
    void aMessageIsEncodedWithAllocationNearItsLength() {
        double each = bytesEach(() -> last = codec.encode(batch));
        assertThat(each).isLessThan(3.5 * message.length);
    }

    @Test
    void aMessageIsDecodedWithAllocationNearItsLength() {
        double each = bytesEach(() -> last = decode());
        assertThat(each).isLessThan(3.5 * message.length);
    }

    private RequestBatch decode() {
        try {
            return codec.decodeRequests(message, message.length);
        } catch (MalformedMessageException e) {
            throw new AssertionError(e);
        }
    }
}

package dev.minidynamo.runtime;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/**
 * The queue that all threads of a node share, under the schedules of Lincheck's model checker:
 * whatever two threads hand in while the third takes, the outcome is that of some order.
 */
public class HandInQueueTest {

    private final HandInQueue<Integer> queue = new HandInQueue<>();

    @Operation
    public void add(@Param(gen = IntGen.class) int value) {
        queue.add(value);
    }

    @Operation(nonParallelGroup = "taker")
    public List<Integer> takeAll() {
        List<Integer> taken = new ArrayList<>();
        for (HandInQueue.Node<Integer> at = queue.takeAll(); at != null; at = at.next()) {
            taken.add(at.value);
        }
        return taken;
    }

    @Test
    void everyScheduleHasTheOutcomeOfSomeOrder() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(3)
                .iterations(15)
                .invocationsPerIteration(200)
                .check(HandInQueueTest.class);
    }
}

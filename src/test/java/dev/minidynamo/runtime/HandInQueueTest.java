package dev.minidynamo.runtime;

import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
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
 *
 * <p>What the threads do is written down, since what the checker draws need not race; and so is
 * what is right, since the checker would else compare the queue with itself on one thread, in
 * whatever order that answers.
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

    /** What it is to do, for one thread. */
    public static class InOrder {

        private List<Integer> waiting = new ArrayList<>();

        public void add(int value) {
            waiting.add(value);
        }

        public List<Integer> takeAll() {
            List<Integer> taken = waiting;
            waiting = new ArrayList<>();
            return taken;
        }
    }

    private static Actor does(String name, Object... arguments) throws NoSuchMethodException {
        Class<?>[] types = arguments.length == 0 ? new Class<?>[0] : new Class<?>[] {int.class};
        return new Actor(
                HandInQueueTest.class.getMethod(name, types),
                List.of(arguments),
                false,
                false,
                false,
                false,
                false);
    }

    private static List<Actor> adds(int first) throws NoSuchMethodException {
        return List.of(does("add", first), does("add", first + 1));
    }

    @Test
    void everyScheduleHasTheOutcomeOfSomeOrder() throws NoSuchMethodException {
        Actor take = does("takeAll");
        new ModelCheckingOptions()
                .sequentialSpecification(InOrder.class)
                .iterations(0)
                .invocationsPerIteration(3_000)
                .addCustomScenario(
                        new ExecutionScenario(
                                List.of(),
                                List.of(adds(1), adds(3), List.of(take, take)),
                                List.of(take),
                                null))
                .check(HandInQueueTest.class);
    }
}

package dev.minidynamo.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.coordinator.Mode;
import dev.minidynamo.coordinator.ReadOutcome;
import dev.minidynamo.coordinator.WriteOutcome;
import dev.minidynamo.model.Key;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.List;

@DisplayName("Stories of several faults, each told step by step")
class ScriptedFaultsTest {

    @Test
    @DisplayName("P1: what only hints hold outlives the removal of the nodes they were for")
    void anAcknowledgedWriteOutlivesTheRemovalOfNodesThatNeverHadIt() {
        SimScript script = new SimScript(6, 3, 2, 2, Shape.Comparison.ALWAYS);
        Key key = Shape.key(0);
        List<Integer> dead = script.order(0).subList(0, 3);
        List<Integer> left = script.order(0).subList(3, 6);
        dead.forEach(i -> script.node(i).endFor(SimNode.End.KILL, 100_000_000));
        script.run(5_000);
        assertThat(script.put(left.getFirst(), key, 2, Mode.SLOPPY))
                .isInstanceOf(WriteOutcome.Written.class);
        script.run(SimOptions.HINT_AGE_MILLIS + 1_000); // No age ends what may be a last copy.
        script.restartAlone(left, 3, 2, 2);
        script.run(15_000);
        assertThat(script.get(left.get(1), key, 2, Mode.STRICT))
                .isInstanceOf(ReadOutcome.Value.class);
        for (int i : left) {
            assertThat(script.node(i).node().hints().status().targets()).isEmpty();
            assertThat(script.node(i).node().store().version(key)).isNotNull();
        }
    }
}

package dev.minidynamo.store;

import static dev.minidynamo.store.StoreRig.key;
import static dev.minidynamo.store.StoreRig.live;
import static dev.minidynamo.store.StoreRig.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.wal.SyncMode;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

@DisplayName("A copy that was given up stays away (P7)")
class GivingUpTest {

    @Test
    @DisplayName("P7: a copy that was given up is not there again, even if the snapshot is damaged")
    void whatWasGivenUpStaysAway() {
        for (boolean damaged : new boolean[] {false, true}) {
            StoreRig own = new StoreRig(1).open();
            own.apply("a", live(1, "given up"));
            own.apply("b", live(1, "kept"));
            List<Boolean> outcomes = new ArrayList<>();
            own.store().giveUp(key("a"), version(2), outcomes::add);
            own.store().giveUp(key("a"), version(1), outcomes::add);
            own.loop.runUntil(() -> outcomes.size() == 2, StoreRig.MINUTE);
            assertThat(outcomes).containsExactly(false, true);
            own.snapshot();
            own.losePower();
            if (damaged) {
                own.disk.flipBit("kv/snapshot", 100);
            }
            own.open();
            assertThat(own.read("a")).isEqualTo("missing");
            assertThat(own.read("b")).isEqualTo("kept");
            own.apply("a", live(1, "given up"));
            own.losePower();
            own.open();
            assertThat(own.read("a")).isEqualTo("given up");
        }
    }

    @Test
    @DisplayName("P7: compaction writes no copy behind the record that gives it up")
    void aCopyIsNotMovedWhileItIsGivenUp() {
        for (int step = 0; step < 120; step++) {
            StoreRig own = new StoreRig(1).open();
            own.apply("a", live(1, "given up"));
            own.fill(20, 10);
            List<String> compacted = new ArrayList<>();
            own.store().compact(compacted::add);
            for (int i = 0; i < step; i++) {
                own.loop.runOne();
            }
            List<Boolean> outcomes = new ArrayList<>();
            own.store().giveUp(key("a"), version(1), outcomes::add);
            own.loop.runUntil(() -> !outcomes.isEmpty() && !compacted.isEmpty(), StoreRig.MINUTE);
            assertThat(outcomes).containsExactly(true);
            own.killProcess();
            own.disk.remove("kv/snapshot");
            own.open();
            assertThat(own.read("a")).as("given up after %s steps", step).isEqualTo("missing");
        }
    }

    @Test
    @DisplayName("P7: with interval(T) too, what is said to be given up survives no power loss")
    void aPowerLossBringsNothingBackThatWasGivenUp() {
        for (long seed = 1; seed <= 20; seed++) {
            StoreRig own = withInterval(seed);
            own.apply("a", live(1, "given up"));
            own.loop.runFor(2_000);
            List<Boolean> outcomes = new ArrayList<>();
            own.store().giveUp(key("a"), version(1), outcomes::add);
            own.loop.runUntil(() -> !outcomes.isEmpty(), StoreRig.MINUTE);
            assertThat(outcomes).containsExactly(true);
            own.losePower();
            own.open();
            assertThat(own.read("a")).isEqualTo("missing");
        }
    }

    private static StoreRig withInterval(long seed) {
        StoreRig own = new StoreRig(seed);
        own.options = own.options.withLog(own.options.log().withSync(new SyncMode.Interval(1000)));
        return own.open();
    }

    @Test
    @DisplayName("P7: with interval(T) too, a snapshot brings no copy back that was given up")
    void aSnapshotBesideAGivingUpBringsNothingBack() {
        for (int step = 0; step < 60; step++) {
            StoreRig own = withInterval(1);
            own.apply("a", live(1, "given up"));
            List<Boolean> outcomes = new ArrayList<>();
            own.store().giveUp(key("a"), version(1), outcomes::add);
            for (int i = 0; i < step; i++) {
                own.loop.runOne();
            }
            List<String> written = new ArrayList<>();
            own.store().snapshot(written::add);
            own.loop.runUntil(() -> !outcomes.isEmpty() && !written.isEmpty(), StoreRig.MINUTE);
            assertThat(outcomes).containsExactly(true);
            own.killProcess();
            own.open();
            assertThat(own.read("a")).as("given up %s steps before", step).isEqualTo("missing");
        }
    }
}

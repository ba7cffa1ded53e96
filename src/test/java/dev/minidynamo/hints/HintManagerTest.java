package dev.minidynamo.hints;

import static dev.minidynamo.hints.HintWorld.N2;
import static dev.minidynamo.hints.HintWorld.N3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.protocol.Reply;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.List;

@DisplayName("Hints are kept, found and delivered (P2, P4)")
class HintManagerTest {

    @Test
    void hintsStoredWhileATargetIsDeadAreAllDeliveredWhenItReturns() {
        HintWorld world = HintWorld.started();
        world.storeMany(N2, 0, 200);
        world.loop.runFor(20_000);
        assertThat(world.status(N2).count()).isEqualTo(200);
        world.target(N2).alive = true;
        assertThat(world.drained(2_000)).isTrue();
        assertThat(world.target(N2).held).hasSize(200);
        assertThat(world.target(N2).writes).isEqualTo(200);
        assertThat(world.status(N2).delivered()).isEqualTo(200);
    }

    @Test
    @DisplayName("P2: a hint survives the crash of its holder")
    void aHintSurvivesTheCrashOfItsHolder() {
        HintWorld world = HintWorld.started();
        Cell cell = world.cell("v");
        assertThat(world.store(N2, "k", cell)).isEqualTo(new HintResult.Stored());
        world.losePower();
        assertThat(world.start()).isTrue();
        assertThat(world.hints().find(Key.utf8("k"))).isEqualTo(cell);
        world.target(N2).alive = true;
        assertThat(world.drained(5_000)).isTrue();
        assertThat(world.target(N2).held).containsEntry(Key.utf8("k"), cell);
    }

    @Test
    void onlyTheNewestVersionOfAKeyIsDeliveredWhateverTheOrderOfArrival() {
        HintWorld world = HintWorld.started();
        Cell first = world.cell("1");
        Cell second = world.cell("2");
        Cell third = new Cell.Tombstone(world.version());
        world.store(N2, "k", first);
        world.store(N2, "k", third);
        assertThat(world.store(N2, "k", second)).isEqualTo(new HintResult.Stored());
        assertThat(world.status(N2).count()).isEqualTo(1);
        assertThat(world.hints().find(Key.utf8("k"))).isEqualTo(third);
        assertThat(world.hints().holdsOlderThan(Key.utf8("k"), third.version())).isFalse();
        assertThat(world.hints().holdsOlderThan(Key.utf8("k"), world.version())).isTrue();
        List<Reply.HeldHint> held = world.hints().heldFor(Key.utf8("k"));
        assertThat(held).singleElement().returns(true, Reply.HeldHint::tombstone);
        world.target(N2).alive = true;
        assertThat(world.drained(5_000)).isTrue();
        assertThat(world.target(N2).writes).isEqualTo(1);
        assertThat(world.target(N2).held).containsEntry(Key.utf8("k"), third);
    }

    @Test
    void theSameVersionTwiceIsOneHintAndBothHearWhenItIsDurable() {
        HintWorld world = HintWorld.started();
        Cell cell = world.cell("v");
        int[] stored = {0};
        world.storeLater(N2, "k", cell, result -> stored[0]++);
        world.storeLater(N2, "k", cell, result -> stored[0]++);
        assertThat(world.loop.runUntil(() -> stored[0] == 2, 1_000)).isTrue();
        assertThat(world.status(N2).stored()).isEqualTo(1);
    }

    @Test
    @DisplayName("P4: hints delivered before a clean stop are not delivered again after it")
    void whatWasDeliveredIsNotDeliveredAgain() {
        HintWorld world = HintWorld.started();
        world.storeMany(N2, 0, 300);
        world.target(N2).alive = true;
        assertThat(world.drained(5_000)).isTrue();
        boolean[] closed = {false};
        world.hints().close(() -> closed[0] = true);
        assertThat(world.loop.runUntil(() -> closed[0], 1_000)).isTrue();
        world.losePower();
        world.start();
        world.loop.runFor(3_000);
        assertThat(world.target(N2).writes).isEqualTo(300);
        assertThat(world.hints().status().count()).isZero();
    }

    @Test
    void aReadGetsTheNewestHintOfAllTargets() {
        HintWorld world = HintWorld.started();
        Cell older = world.cell("older");
        Cell newer = world.cell("newer");
        world.store(N2, "k", newer);
        world.store(N3, "k", older);
        assertThat(world.hints().find(Key.utf8("k"))).isEqualTo(newer);
        assertThat(world.hints().find(Key.utf8("other"))).isNull();
        assertThat(world.hints().heldFor(Key.utf8("k")))
                .extracting(Reply.HeldHint::target)
                .containsExactly(N2, N3);
    }
}

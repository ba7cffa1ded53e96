package dev.minidynamo.antientropy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.ring.Ring;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

@DisplayName(
        "What a node owns since a change of the ring counts once it has been compared (P1, P5)")
class GainedPartitionsTest {

    private static final int KEYS = 300;

    private final ReplicaNet net = new ReplicaNet(5, 4, 3, 2);

    /** A key that the first node owns on the ring of three nodes only. */
    private String gained = "";

    /** One that it owns on both rings. */
    private String kept = "";

    @BeforeEach
    void fourNodesOfWhichOneIsTakenOut() {
        net.startFresh();
        for (int i = 0; i < KEYS; i++) {
            write("key-" + i, net.live(60_000, 20));
            if (net.ring.preferenceList(Key.utf8("key-" + i)).isPrimary(net.node(1).id)) {
                kept = "key-" + i;
            } else {
                gained = "key-" + i;
            }
        }
        net.loop.runFor(2_000);
        useRingOf(3);
    }

    private void write(String key, Cell cell) {
        net.ring
                .preferenceList(Key.utf8(key))
                .primaries()
                .forEach(owner -> net.nodes.get(owner).put(key, cell));
    }

    /** Ends all nodes; the next to start are on a ring of the first nodes. */
    private void useRingOf(int nodes) {
        net.nodes.values().forEach(ReplicaNode::kill);
        net.ring = net.ringOf(net.ids.subList(0, nodes));
    }

    private void start(int... nodes) {
        IntStream.of(nodes).forEach(node -> net.node(node).startAndWait());
    }

    private boolean answers(String key) {
        return net.node(1).antiEntropy.isComplete(Key.utf8(key));
    }

    private int outstanding(int node) {
        return net.node(node).antiEntropy.status().partitionsToSynchronise();
    }

    private boolean allIsCompared(int nodes) {
        return IntStream.rangeClosed(1, nodes)
                .allMatch(node -> net.node(node).synchronised() && outstanding(node) == 0);
    }

    @Test
    void aGainedPartitionIsAnsweredOnceItHasBeenComparedWithEnoughOwners() {
        start(1, 2);
        net.loop.runFor(20_000);
        assertThat(net.node(1).synchronised()).isTrue();
        assertThat(net.node(1).antiEntropy.status().notSynchronisedBecause()).isEmpty();
        assertThat(net.node(1).store.damagedLeaves().isEmpty()).isTrue();
        assertThat(answers(kept)).isTrue();
        assertThat(answers(gained)).isFalse();
        assertThat(outstanding(1)).isBetween(1, Ring.PARTITIONS / 2);
        start(3);
        assertThat(net.loop.runUntil(() -> allIsCompared(3), 10_000)).isTrue();
        assertThat(answers(gained)).isTrue();
        assertThat(net.node(1).size()).isEqualTo(KEYS);
    }

    @Test
    void aNodeThatRestartsBeforeItHasComparedStillHasToAndNotAgainAfterwards() {
        start(1, 2);
        net.loop.runFor(10_000);
        net.node(1).kill();
        start(1);
        net.loop.runFor(10_000);
        assertThat(answers(gained)).isFalse();
        start(3);
        assertThat(net.loop.runUntil(() -> allIsCompared(3), 10_000)).isTrue();
        net.loop.runFor(2_000);
        net.nodes.values().forEach(ReplicaNode::kill);
        start(1);
        assertThat(outstanding(1)).isZero();
    }

    @Test
    @DisplayName("P5: a partition that was lost and is owned again has to be compared anew")
    void whatWasLostAndRegainedIsComparedAnew() {
        start(1, 2, 3);
        assertThat(net.loop.runUntil(() -> allIsCompared(3), 10_000)).isTrue();
        net.loop.runFor(2_000);
        useRingOf(4);
        start(1, 2, 3, 4);
        assertThat(net.loop.runUntil(net::allSynchronised, 30_000)).isTrue();
        Cell later = net.live(0, 20);
        write(gained, later);
        net.loop.runFor(1_000);
        useRingOf(3);
        start(1, 2);
        net.loop.runFor(10_000);
        assertThat(answers(gained)).isFalse();
        assertThat(answers(kept)).isTrue();
        start(3);
        assertThat(net.loop.runUntil(() -> answers(gained), 10_000)).isTrue();
        assertThat(net.node(1).cell(gained)).isEqualTo(later);
    }

    @Test
    void whatIsWrittenMeanwhileSpreadsAndIsKept() {
        start(1, 2);
        Cell later = net.live(60_000, 20);
        net.node(1).put(gained, later);
        net.loop.runFor(60_000);
        assertThat(net.node(2).cell(gained)).isEqualTo(later);
        assertThat(answers(gained)).isFalse();
        start(3);
        assertThat(net.loop.runUntil(() -> allIsCompared(3), 10_000)).isTrue();
        assertThat(net.node(3).cell(gained)).isEqualTo(later);
    }

    @Test
    void aNodeThatWasAwayIsNotBlockedByOneThatHasGainedAndBuriesNothingOnItsWord() {
        String last = "last";
        while (net.ringOf(net.ids).owns(net.node(1).id, Ring.partitionOf(token(last)))) {
            last += "+";
        }
        net.node(2).startAndWait();
        net.node(2).rememberLastAlive(net.now() - 11 * ReplicaNet.DAY);
        net.node(2).plantAndKill(last, net.live(20 * ReplicaNet.DAY, 20));
        start(1, 2, 3);
        assertThat(net.loop.runUntil(() -> allIsCompared(3), 30_000)).isTrue();
        assertThat(net.node(2).hasLive(last)).isTrue();
        assertThat(net.node(1).hasLive(last)).isTrue();
    }

    private static long token(String key) {
        return Ring.tokenOf(Key.utf8(key));
    }

    @Test
    @DisplayName("P11: a node whose note of what is complete is damaged compares everything")
    void aDamagedNoteLeavesEverythingToBeCompared() {
        start(1, 2, 3);
        assertThat(net.loop.runUntil(() -> allIsCompared(3), 10_000)).isTrue();
        net.loop.runFor(2_000);
        net.node(1).kill();
        net.node(1).disk.flipBit("kv/complete", 99);
        start(1);
        assertThat(outstanding(1)).isEqualTo(Ring.PARTITIONS);
        assertThat(net.node(1).store.status().start().notes())
                .anySatisfy(note -> assertThat(note).contains("kv/complete"));
        assertThat(net.loop.runUntil(() -> allIsCompared(3), 10_000)).isTrue();
    }

    @Test
    void aDirectoryFromBeforeSuchNotesHasGainedNothingAndGetsOne() {
        net.ring = net.ringOf(net.ids);
        net.nodes.values().forEach(node -> node.disk.remove("kv/complete"));
        start(1, 2, 3, 4);
        assertThat(outstanding(1)).isZero();
        assertThat(net.loop.runUntil(() -> allIsCompared(4), 10_000)).isTrue();
        net.loop.runFor(100);
        assertThat(List.copyOf(net.node(1).disk.paths())).contains("kv/complete");
    }
}

package dev.minidynamo.antientropy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.Cell;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

@DisplayName("Anti-entropy brings all owners to the same cells, without a read (P4)")
class ConvergenceTest {

    private static final long OLD = 60_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void anyDifferencesAreRepairedBothWaysDeletesToo(long seed) {
        ReplicaNet net = new ReplicaNet(seed, 5, 3, 2);
        net.startFresh();
        for (int i = 0; i < 2_000; i++) {
            String key = "key-" + i;
            List<Cell> versions = new ArrayList<>();
            for (int v = net.random.nextInt(3); v >= 0; v--) {
                versions.add(net.random.nextInt(4) == 0 ? net.tombstone(OLD) : net.live(OLD, 20));
            }
            net.nodes
                    .values()
                    .forEach(node -> {
                        if (net.random.nextInt(3) > 0) {
                            node.put(key, versions.get(net.random.nextInt(versions.size())));
                        }
                    });
        }
        assertThat(net.converges(60_000)).isTrue();
    }

    @Test
    void cellsOfOneTimestampThatDifferEndTheSameEverywhere() {
        ReplicaNet net = new ReplicaNet(1, 3, 3, 2);
        net.startFresh();
        Cell.Live one = (Cell.Live) net.live(OLD, 10);
        byte[] bytes = one.value().clone();
        bytes[9] = 1;
        Cell other = new Cell.Live(one.version(), bytes, one.contentType(), Cell.NEVER);
        net.node(1).put("key", one);
        net.node(2).put("key", other);
        assertThat(net.converges(10_000)).isTrue();
        assertThat(net.node(3).cell("key")).isEqualTo(other);
    }

    @Test
    void oneSecondAfterAWriteNothingHasBeenPushedThatMayStillBeUnderWay() {
        ReplicaNet net = new ReplicaNet(1, 3, 3, 2);
        net.startFresh();
        net.forgetCounts();
        net.node(1).put("key", net.live(0, 10));
        net.loop.runFor(950);
        assertThat(net.node(2).size()).isZero();
        assertThat(net.pushesFrom).isEmpty();
        assertThat(net.converges(5_000)).isTrue();
    }

    @Test
    void aWriteWithATimestampAheadOfTheClockIsRepairedAllTheSame() {
        ReplicaNet net = new ReplicaNet(1, 3, 3, 2);
        net.startFresh();
        net.node(1).put("key", net.live(-ReplicaNet.DAY, 10));
        assertThat(net.converges(10_000)).isTrue();
    }

    @Test
    void aKeyThatDiffersCostsLessThanFourHundredBytes() {
        ReplicaNet net = new ReplicaNet(1, 3, 3, 2);
        net.startFresh();
        for (int i = 0; i < 50_000; i++) {
            Cell cell = net.live(OLD, 100);
            String key = "user-000000000000-%06d".formatted(i);
            net.node(1).put(key, cell);
            net.node(3).put(key, cell);
            if (i % 10 > 0) {
                net.node(2).put(key, cell);
            }
        }
        net.loop.runFor(2);
        net.forgetCounts();
        assertThat(net.converges(60_000)).isTrue();
        assertThat(net.bytes / 5_000).isLessThan(400);
    }

    @Test
    void anIdlePairExchangesLessThanTwoKilobytesASecond() {
        ReplicaNet net = new ReplicaNet(1, 3, 3, 2);
        net.startFresh();
        for (int i = 0; i < 20_000; i++) {
            Cell cell = net.live(OLD, 10);
            String key = "key-" + i;
            net.nodes.values().forEach(node -> node.put(key, cell));
        }
        net.loop.runFor(5_000);
        net.forgetCounts();
        net.loop.runFor(100_000);
        assertThat((net.bytes + 300 * net.messages) / 3 / 100).isLessThan(2_000);
    }
}

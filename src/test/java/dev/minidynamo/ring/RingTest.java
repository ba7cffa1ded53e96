package dev.minidynamo.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

class RingTest {

    private static ClusterConfig cluster(int nodes, int vnodes, int n, String... zones) {
        List<ClusterConfig.Member> members = new ArrayList<>();
        for (int i = 1; i <= nodes; i++) {
            String zone = zones.length == 0 ? "" : zones[(i - 1) % zones.length];
            members.add(
                    new ClusterConfig.Member(
                            new NodeId("n" + i), "127.0.0.1:" + (9000 + i), zone, null));
        }
        return new ClusterConfig("test", members, vnodes, n, 1, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "a, -1817709641818812897",
        "hello, -7685981735718036227",
        "user00000000000000000042, 4430395787041588827"
    })
    void aKeysTokenNeverChanges(String key, long token) {
        assertThat(Ring.tokenOf(Key.utf8(key))).isEqualTo(token);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 28, 32})
    void ownershipIsEvenWithManyVnodes(int nodes) {
        for (int n : new int[] {1, 3}) {
            Ring ring = new Ring(cluster(nodes, 256, n));
            double most = ring.nodes().stream().mapToDouble(ring::ownership).max().orElseThrow();
            assertThat(most * nodes)
                    .as("max/mean ownership of %d nodes, N=%d", nodes, n)
                    .isLessThanOrEqualTo(1.15);
        }
    }

    @Test
    void ownershipAddsUpToOne() {
        Ring ring = new Ring(cluster(5, 64, 3));
        assertThat(ring.nodes().stream().mapToDouble(ring::ownership).sum())
                .isCloseTo(1, org.assertj.core.data.Offset.offset(1e-9));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 9})
    void addingANodeMovesOnlyWhatItTakesOver(int nodes) {
        Ring before = new Ring(cluster(nodes, 64, 3));
        Ring after = new Ring(cluster(nodes + 1, 64, 3));
        NodeId added = new NodeId("n" + (nodes + 1));
        int taken = 0;
        for (int p = 0; p < Ring.PARTITIONS; p++) {
            List<NodeId> now = new ArrayList<>(after.preferenceList(p).primaries());
            List<NodeId> then = before.preferenceList(p).primaries();
            if (now.remove(added)) {
                taken++;
                assertThat(then).containsAll(now);
            } else {
                assertThat(now).isEqualTo(then);
            }
        }
        assertThat(taken / (double) Ring.PARTITIONS)
                .isCloseTo(3.0 / (nodes + 1), org.assertj.core.data.Offset.offset(0.1));
    }

    @Test
    void aPreferenceListNamesEveryNodeOncePrimariesFirst() {
        Ring ring = new Ring(cluster(7, 16, 3));
        for (int p = 0; p < Ring.PARTITIONS; p++) {
            PreferenceList list = ring.preferenceList(p);
            assertThat(list.primaries()).hasSize(3);
            Set<NodeId> all = new HashSet<>(list.primaries());
            all.addAll(list.fallbacks());
            assertThat(all).hasSize(7);
            assertThat(list.fallbacks()).hasSize(4);
        }
    }

    @Test
    void replicasStandInDistinctZonesWhileThereAreEnough() {
        Ring ring = new Ring(cluster(6, 64, 3, "a", "b", "c"));
        for (int p = 0; p < Ring.PARTITIONS; p++) {
            Set<Integer> zones = new HashSet<>();
            for (NodeId node : ring.preferenceList(p).primaries()) {
                zones.add((Integer.parseInt(node.value().substring(1)) - 1) % 3);
            }
            assertThat(zones).hasSize(3);
        }
    }

    @Test
    void fewerZonesThanReplicasStillGiveDistinctNodes() {
        Ring ring = new Ring(cluster(4, 64, 3, "a", "b"));
        IntStream.range(0, Ring.PARTITIONS)
                .forEach(p ->
                        assertThat(ring.preferenceList(p).primaries())
                                .doesNotHaveDuplicates()
                                .hasSize(3));
    }

    @Test
    void ringsOfDifferentShapeHaveDifferentFingerprintsAndSayWhy() {
        Ring ring = new Ring(cluster(3, 64, 3));
        assertThat(new Ring(cluster(3, 64, 3)).fingerprint()).isEqualTo(ring.fingerprint());
        assertThat(new Ring(cluster(3, 32, 3)).fingerprint()).isNotEqualTo(ring.fingerprint());
        assertThat(new Ring(cluster(3, 64, 2)).describe()).contains("n=2");
    }
}

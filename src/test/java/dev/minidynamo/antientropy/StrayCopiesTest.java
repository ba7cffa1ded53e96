package dev.minidynamo.antientropy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.List;

@DisplayName("Copies on nodes that do not own them leave once the owners have them (P4)")
class StrayCopiesTest {

    private final ReplicaNet net = new ReplicaNet(3, 5, 3, 2);

    @Test
    void afterAChangeOfTheRingEachKeyIsOnItsOwnersOnly() {
        net.startFresh();
        for (int i = 0; i < 1_000; i++) {
            Cell cell = i % 7 == 0 ? net.tombstone(60_000) : net.live(60_000, 30);
            String key = "key-" + i;
            net.nodes.values().forEach(node -> node.put(key, cell));
        }
        assertThat(net.converges(30_000)).isTrue();
        assertThat(net.node(1).antiEntropy.status().straysHandedOver()).isPositive();
        assertThat(net.node(1).antiEntropy.status().strays()).isZero();
    }

    @Test
    void theOnlyCopyReachesAllOwnersBeforeItLeaves() {
        net.startFresh();
        Key key = Key.utf8("only");
        ReplicaNode stranger = net.nodes.get(net.ring.preferenceList(key).fallbacks().getFirst());
        ReplicaNode dead = net.nodes.get(net.ring.preferenceList(key).primaries().get(1));
        dead.kill();
        net.loop.runFor(5_000);
        Cell cell = net.live(60_000, 30);
        stranger.put("only", cell);
        net.loop.runFor(20_000);
        assertThat(stranger.cell("only")).isEqualTo(cell);
        dead.startAndWait();
        assertThat(net.converges(20_000)).isTrue();
        assertThat(stranger.size()).isZero();
        assertThat(dead.cell("only")).isEqualTo(cell);
        net.loop.runFor(1_000);
        stranger.kill();
        stranger.startAndWait();
        assertThat(stranger.size()).isZero();
    }

    @Test
    @DisplayName("P7: a copy that was handed over does not come back after its key was reaped")
    void aHandedOverCopyDoesNotComeBack() {
        net.startFresh();
        Key key = Key.utf8("only");
        List<ReplicaNode> owners =
                net.ring.preferenceList(key).primaries().stream().map(net.nodes::get).toList();
        ReplicaNode stranger = net.nodes.get(net.ring.preferenceList(key).fallbacks().getFirst());
        stranger.put("only", net.live(20 * ReplicaNet.DAY, 30)); // from before a change of the ring
        net.loop.runFor(20_000);
        assertThat(stranger.cell("only")).isNull();
        for (ReplicaNode owner : owners) {
            assertThat(owner.hasLive("only")).isTrue();
            owner.put("only", net.tombstone(11 * ReplicaNet.DAY));
        }
        net.loop.runFor(200_000);
        assertThat(owners).allMatch(owner -> owner.cell("only") == null);
        stranger.kill();
        stranger.disk.remove("kv/snapshot");
        stranger.startAndWait();
        net.loop.runFor(30_000);
        assertThat(owners).allMatch(owner -> owner.cell("only") == null);
    }
}

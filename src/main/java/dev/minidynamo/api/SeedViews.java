package dev.minidynamo.api;

import dev.minidynamo.antientropy.AntiEntropyStatus;
import dev.minidynamo.hints.HintStatus;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.node.NodeOptions;
import dev.minidynamo.node.NodeStatus;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.store.StoreOptions;
import dev.minidynamo.store.StoreStatus;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures under {@code /debug} in the names of the original program, so that its scripts go on
 * working; everything that it did not have stands beside them.
 */
final class SeedViews {

    private SeedViews() {}

    static Map<String, @Nullable Object> hints(HintStatus status) {
        Map<String, Long> counts = new LinkedHashMap<>();
        status.targets().forEach(target -> counts.put(target.target().value(), target.count()));
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("count", status.count());
        json.put("targets", counts);
        json.put("wal", "hints");
        json.put("bytes", status.bytes());
        json.put("wal_bytes", status.logBytes());
        json.put("paused", status.paused());
        json.put("adopted", status.adopted());
        json.put("per_target", status.targets());
        return json;
    }

    static Map<String, @Nullable Object> antiEntropy(AntiEntropyStatus status) {
        NodeId lastPeer = status.lastPeer();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("enabled", status.enabled());
        json.put("interval_ms", status.intervalMillis());
        json.put("max_per_tick", status.maxKeysPerRound());
        json.put("last_peer", lastPeer == null ? "" : lastPeer.value());
        json.put("last_run_unix", status.lastRunMillis() / 1000);
        json.put("last_dur_ms", status.lastDurationMillis());
        json.put("last_compared", status.lastCompared());
        json.put("last_pulled", status.lastPulled());
        json.put("total_pulled", status.totalPulled());
        json.put("total_errors", status.totalErrors());
        json.put("last_error", status.lastError());
        json.put("last_pushed", status.lastPushed());
        json.put("total_pushed", status.totalPushed());
        json.put("synchronised", status.synchronised());
        json.put("not_synchronised_because", status.notSynchronisedBecause());
        json.put("partitions_to_synchronise", status.partitionsToSynchronise());
        json.put("strays", status.strays());
        json.put("peers", status.peers());
        return json;
    }

    static Map<String, @Nullable Object> persistence(StoreStatus status, NodeOptions options) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("kv_wal", "kv");
        json.put("kv_snapshot", "kv");
        json.put("wal_ops", status.log().appended());
        json.put("wal_bytes", status.log().bytes());
        json.put("snapshot_tick", snapshotTick(options.store()));
        json.put("keys", status.liveKeys());
        json.put("tombstones", status.tombstones());
        json.put("segments", status.log().segments());
        json.put("live_bytes", status.liveBytes());
        json.put("dead_bytes", status.deadBytes());
        json.put("forces", status.log().forces());
        json.put("force_p50_us", status.log().forceP50Nanos() / 1000);
        json.put("force_p99_us", status.log().forceP99Nanos() / 1000);
        json.put("disk_full", status.log().spaceShort());
        json.put("damaged_leaves", status.damagedLeaves());
        json.put("snapshot", status.snapshot());
        json.put("compaction", status.compaction());
        json.put("recovery_ms", status.start().millis());
        json.put("start", status.start());
        return json;
    }

    static String snapshotTick(StoreOptions options) {
        String growth = "every " + options.snapshotEveryBytes() + " bytes of log";
        return options.snapshotEveryMillis() == Long.MAX_VALUE
                ? growth
                : growth + " and every " + options.snapshotEveryMillis() + " ms";
    }

    static Map<String, @Nullable Object> ring(Ring ring, ClusterConfig config, NodeStatus status) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("cluster", config.cluster());
        json.put("fingerprint", Long.toHexString(ring.fingerprint()));
        json.put("n", config.n());
        json.put("r", config.r());
        json.put("w", config.w());
        json.put("partitions", Ring.PARTITIONS);
        json.put("vnodes_per_node", config.vnodes());
        json.put("self", status.node().value());
        json.put("nodes", config.nodes().stream().map(node -> member(ring, node, status)).toList());
        json.put("vnodes", vnodes(ring));
        return json;
    }

    private static Map<String, @Nullable Object> member(
            Ring ring, ClusterConfig.Member member, NodeStatus status) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", member.id().value());
        json.put("address", member.address());
        json.put("zone", member.zone());
        json.put("ownership", ring.ownership(member.id()));
        json.put("liveness", liveness(member.id(), status));
        return json;
    }

    private static String liveness(NodeId id, NodeStatus status) {
        return status.membership().peers().stream()
                .filter(peer -> peer.id().equals(id))
                .map(peer -> peer.liveness().name())
                .findFirst()
                .orElse("UP");
    }

    private static List<Map<String, String>> vnodes(Ring ring) {
        return ring.vnodes().stream()
                .map(vnode ->
                        Map.of(
                                "token", String.format("%016x", vnode.token()),
                                "node", vnode.node().value()))
                .toList();
    }
}

package dev.minidynamo.figures;

import dev.minidynamo.app.bench.Workload;
import dev.minidynamo.it.RealCluster;
import dev.minidynamo.store.StoreFilling;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How throughput and latency change while one thing grows; draws {@code docs/images/growth-*}. */
@Tag("figures")
class GrowthIT {

    private static final int WARM_UP_SECONDS = 90;
    private static final int MOST_BYTES = 100_000_000;

    @Test
    void connections() {
        Curve curve = new Curve("connections", "connections", true);
        try (RealCluster cluster = Load.plan(3).start()) {
            Load.of(cluster, Workload.W).store(cluster);
            Load.warm(cluster, WARM_UP_SECONDS);
            for (int count : new int[] {1, 4, 16, 64, 256}) {
                add(curve, count, cluster, Load.of(cluster, Workload.W).connections(count));
            }
        }
        curve.show();
    }

    @Test
    void nodes() {
        Curve curve = new Curve("nodes", "nodes", false);
        for (int count : new int[] {3, 5, 7}) {
            try (RealCluster cluster = Load.plan(count).start()) {
                Load.of(cluster, Workload.W).store(cluster);
                Load.warm(cluster, WARM_UP_SECONDS);
                add(curve, count, cluster, Load.of(cluster, Workload.W));
            }
        }
        curve.show();
    }

    @Test
    void valueBytes() {
        Curve curve = new Curve("values", "bytes of a value", true);
        try (RealCluster cluster = Load.plan(3).start()) {
            Load.warm(cluster, WARM_UP_SECONDS);
            for (int bytes : new int[] {10, 100, 1_000, 10_000, 100_000}) {
                Load load =
                        Load.of(cluster, Workload.W)
                                .valueBytes(bytes)
                                .keys(Math.min(100_000, MOST_BYTES / bytes));
                load.store(cluster);
                add(curve, bytes, cluster, load);
            }
        }
        curve.show();
    }

    @Test
    void keys() {
        Curve curve = new Curve("keys", "keys", true);
        for (int keys : new int[] {10_000, 100_000, 1_000_000, 10_000_000}) {
            try (RealCluster cluster =
                    Load.plan(3)
                            .jvmFlags("-Xmx1500m")
                            .data((node, folder) ->
                                    StoreFilling.fill(folder, "test", node, keys, 100))
                            .start()) {
                Load.warm(cluster, WARM_UP_SECONDS);
                add(curve, keys, cluster, Load.of(cluster, Workload.W).keys(keys));
            }
        }
        curve.show();
    }

    private static void add(Curve curve, double x, RealCluster cluster, Load writes) {
        Load.Measured written = writes.run(cluster);
        Load reads =
                Load.of(cluster, Workload.C)
                        .keys(writes.keys())
                        .valueBytes(writes.valueBytes())
                        .connections(writes.connections());
        Load.Measured read = reads.run(cluster);
        curve.add(x, written, read, Load.residentMebibytes(cluster));
    }
}

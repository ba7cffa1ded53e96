package dev.minidynamo.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.store.StoreOptions;

import org.junit.jupiter.api.Test;

/** The figures of {@code /debug}. */
class SeedViewsTest {

    @Test
    void theTickOfSnapshotsTellsTheIntervalThatWasGiven() {
        StoreOptions options = StoreOptions.defaults("test", new NodeId("n1"));
        assertThat(SeedViews.snapshotTick(options)).isEqualTo("every 67108864 bytes of log");
        assertThat(SeedViews.snapshotTick(options.withSnapshotEvery(90_000)))
                .isEqualTo("every 67108864 bytes of log and every 90000 ms");
    }
}

package dev.minidynamo.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;

import org.junit.jupiter.api.Test;

class ValueTest {

    private static final Version AT_5_SECONDS =
            new Version(Version.timestampOf(5_000) + 3, new NodeId("n1"), 1);

    /** The coordinator's clock plays no part, so that it may be wrong. */
    @Test
    void theExpiryCountsFromTheTimestamp() {
        assertThat(value(1_500).cell(AT_5_SECONDS).expiresAtMillis()).isEqualTo(6_500);
    }

    @Test
    void aValueWithoutATimeToLiveDoesNotExpire() {
        assertThat(value(0).cell(AT_5_SECONDS).expiresAtMillis()).isEqualTo(Cell.NEVER);
    }

    private static Value value(long ttlMillis) {
        return new Value(new byte[0], Cell.DEFAULT_CONTENT_TYPE, ttlMillis);
    }
}

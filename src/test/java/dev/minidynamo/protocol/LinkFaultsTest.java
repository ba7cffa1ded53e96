package dev.minidynamo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minidynamo.model.NodeId;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;

class LinkFaultsTest {

    private static final NodeId N2 = new NodeId("n2");

    private final AtomicLong now = new AtomicLong(-5);
    private final LinkFaults faults = new LinkFaults(true, now::get);

    @Test
    void aRuleEndsByItself() {
        faults.put(N2, true, 0, 0, 2);
        assertThat(faults.rule(N2)).isNotNull();
        assertThat(faults.inForce()).containsOnlyKeys(N2);
        now.addAndGet(500_000_000L);
        assertThat(faults.millisLeft(faults.inForce().get(N2))).isEqualTo(1500);
        now.addAndGet(2_000_000_000L);
        assertThat(faults.rule(N2)).isNull();
        assertThat(faults.inForce()).isEmpty();
    }

    @Test
    void healingEndsOneRuleOrAll() {
        NodeId n3 = new NodeId("n3");
        faults.put(N2, true, 0, 0, 9);
        faults.put(n3, false, 100, 0, 9);
        faults.heal(N2);
        assertThat(faults.inForce()).containsOnlyKeys(n3);
        faults.heal();
        assertThat(faults.inForce()).isEmpty();
    }

    @Test
    void lossIsAPercentage() {
        faults.put(N2, false, 0, 30, 9);
        LinkFaults.Rule rule = faults.rule(N2);
        assertThat(rule).isNotNull();
        assertThat(rule.loses(29)).isTrue();
        assertThat(rule.loses(30)).isFalse();
    }

    @Test
    void whatIsNotAcceptedIsNamed() {
        assertThatThrownBy(() -> faults.put(N2, false, 0, 101, 9))
                .hasMessage("lossPercent is 101; accepted is 0 to 100");
        assertThatThrownBy(() -> faults.put(N2, false, 0, 0, 0))
                .hasMessageContaining("seconds is 0");
        assertThatThrownBy(() -> new LinkFaults(false, now::get).put(N2, true, 0, 0, 9))
                .hasMessageContaining("without fault injection");
    }
}

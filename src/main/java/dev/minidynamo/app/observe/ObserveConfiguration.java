package dev.minidynamo.app.observe;

import dev.minidynamo.env.Scheduler;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.node.Node;
import dev.minidynamo.runtime.HttpTransport;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import java.util.List;
import java.util.Map;

/** The beans behind a node's {@code /actuator}. */
@Configuration(proxyBeanMethods = false)
@Import(NodeHealth.class)
public class ObserveConfiguration {

    @Bean
    Samples samples(Scheduler loop, Node node, HttpTransport transport) {
        return new Samples(loop, node, transport);
    }

    @Bean
    MeterBinder nodeMetrics(Samples samples) {
        return new NodeMetrics(samples);
    }

    @Bean
    MeterBinder peerMetrics(Samples samples, Node node) {
        NodeId self = node.options().self();
        List<NodeId> peers =
                node.options().cluster().ids().stream().filter(id -> !id.equals(self)).toList();
        return new PeerMetrics(samples, peers);
    }

    @Bean
    LatencyHistograms latencyHistograms(Samples samples, PrometheusRegistry registry) {
        LatencyHistograms histograms = new LatencyHistograms(samples);
        registry.register(histograms);
        return histograms;
    }

    @Bean
    InfoContributor nodeInfo(Node node) {
        return builder ->
                builder.withDetail(
                        "node",
                        Map.of(
                                "id", node.options().self().value(),
                                "cluster", node.options().cluster().cluster(),
                                "ringFingerprint", Long.toHexString(node.ring().fingerprint())));
    }
}

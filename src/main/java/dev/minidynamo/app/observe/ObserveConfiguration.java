package dev.minidynamo.app.observe;

import com.fasterxml.jackson.annotation.JsonInclude;

import dev.minidynamo.env.Scheduler;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.node.Node;
import dev.minidynamo.runtime.HttpTransport;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.info.InfoContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.info.InfoEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.web.EndpointLinksResolver;
import org.springframework.boot.actuate.endpoint.web.EndpointMapping;
import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.info.ProjectInfoAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsEndpointAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.jvm.JvmMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.logging.logback.LogbackMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.system.SystemMetricsAutoConfiguration;
import org.springframework.boot.webmvc.actuate.endpoint.web.WebMvcEndpointHandlerMapping;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.Map;

/** The beans behind a node's {@code /actuator}. */
@Configuration(proxyBeanMethods = false)
@Import(NodeHealth.class)
@ImportAutoConfiguration({
    ProjectInfoAutoConfiguration.class,
    EndpointAutoConfiguration.class,
    WebEndpointAutoConfiguration.class,
    AvailabilityProbesAutoConfiguration.class,
    AvailabilityHealthContributorAutoConfiguration.class,
    HealthContributorAutoConfiguration.class,
    HealthContributorRegistryAutoConfiguration.class,
    HealthEndpointAutoConfiguration.class,
    InfoContributorAutoConfiguration.class,
    InfoEndpointAutoConfiguration.class,
    CompositeMeterRegistryAutoConfiguration.class,
    JvmMetricsAutoConfiguration.class,
    LogbackMetricsAutoConfiguration.class,
    MetricsAutoConfiguration.class,
    MetricsEndpointAutoConfiguration.class,
    PrometheusMetricsExportAutoConfiguration.class,
    SystemMetricsAutoConfiguration.class
})
class ObserveConfiguration {

    @Bean
    WebMvcEndpointHandlerMapping endpoints(
            WebEndpointsSupplier endpoints, EndpointMediaTypes mediaTypes) {
        return new WebMvcEndpointHandlerMapping(
                new EndpointMapping(""),
                endpoints.getEndpoints(),
                mediaTypes,
                null,
                new EndpointLinksResolver(endpoints.getEndpoints()),
                true);
    }

    @Bean
    RequestMappingHandlerAdapter endpointAdapter() {
        RequestMappingHandlerAdapter adapter = new RequestMappingHandlerAdapter();
        JsonMapper json =
                JsonMapper.builder()
                        .changeDefaultPropertyInclusion(
                                all -> all.withValueInclusion(JsonInclude.Include.NON_NULL))
                        .build();
        adapter.setMessageConverters(
                List.of(
                        new ByteArrayHttpMessageConverter(),
                        new JacksonJsonHttpMessageConverter(json)));
        return adapter;
    }

    @Bean
    Samples samples(Scheduler loop, Node node, HttpTransport transport) {
        return new Samples(
                loop,
                () -> new Sample(node.status(), transport.traffic(), transport.otherRings()),
                System::nanoTime);
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

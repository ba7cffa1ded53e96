package dev.minidynamo.dashboard;

import dev.minidynamo.agent.Fleet;
import dev.minidynamo.model.ClusterConfig;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import javax.net.ssl.SSLContext;

/** The dashboard's parts; it needs a {@link Fleet} and the {@link ClusterConfig} from outside. */
@Configuration(proxyBeanMethods = false)
class DashboardBeans {

    @Bean
    NodeHttp nodeHttp(
            @Value("${dynamo.secret:}") String secret,
            @Value("${dynamo.api-token:}") String apiToken,
            ObjectProvider<SSLContext> tls) {
        return new NodeHttp(
                secret.isBlank() ? null : secret,
                apiToken.isBlank() ? null : apiToken,
                tls.getIfAvailable());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    ClusterWatch clusterWatch(ClusterConfig config, Fleet fleet, NodeHttp http) {
        return new ClusterWatch(config, fleet, http);
    }

    @Bean
    Timeline timeline(Fleet fleet) {
        Timeline timeline = new Timeline();
        fleet.events().recent().forEach(timeline::add);
        fleet.events().subscribe(timeline::add);
        return timeline;
    }

    @Bean
    EventHub eventHub(ClusterWatch watch, Timeline timeline, Fleet fleet) {
        EventHub hub = new EventHub(watch, timeline);
        fleet.events().subscribe(hub.samples()::take);
        return hub;
    }

    @Bean
    FilterRegistrationBean<PageHeaders> pageHeaders(
            @Value("${dynamo.read-only:false}") boolean readOnly) {
        return new FilterRegistrationBean<>(new PageHeaders(readOnly));
    }
}

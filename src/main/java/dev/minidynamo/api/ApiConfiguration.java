package dev.minidynamo.api;

import dev.minidynamo.coordinator.QuorumCoordinator;
import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.env.Sockets;

import org.apache.catalina.core.StandardHost;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.error.ErrorPage;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The web server of a node.
 *
 * <p>The application gives the beans that this package needs: {@code Scheduler}, {@code Sockets},
 * {@code Clock}, {@code QuorumCoordinator}, {@link NodeView}, {@link ApiOptions}, {@link
 * BatchEndpoint}, {@code RequestHandler}, {@code WireIdentity}, {@code LinkFaults} and {@code
 * Node}.
 */
@Configuration(proxyBeanMethods = false)
@Import({
    ApplicationAvailabilityAutoConfiguration.class,
    LifecycleAutoConfiguration.class,
    SslAutoConfiguration.class,
    TomcatServletWebServerAutoConfiguration.class
})
class ApiConfiguration {

    private static final int MAX_HEAD_BYTES = 16 * 1024;
    private static final int MAX_CONNECTIONS = 8192;

    /** What a connection takes of the heap that has sent the beginning of a request. */
    private static final long CONNECTION_BYTES = 48 * 1024;

    @Bean
    Admission admission(ApiOptions options) {
        return new Admission(options.bounds());
    }

    @Bean
    Entrance entrance(ApiOptions options, NodeView node, Admission admission) {
        return new Entrance(options, admission, node.config());
    }

    @Bean
    PlainDoor plainDoor(
            Scheduler loop,
            Sockets sockets,
            Clock clock,
            Entrance entrance,
            QuorumCoordinator coordinator,
            NodeView node,
            ApiOptions options,
            Admission admission,
            BatchEndpoint batches) {
        KeyHandler keys = new KeyHandler(coordinator, node.config(), options, admission);
        return new PlainDoor(loop, sockets, clock, entrance, keys, batches);
    }

    @Bean
    FilterRegistrationBean<EntranceFilter> entranceFilter(Entrance entrance) {
        FilterRegistrationBean<EntranceFilter> bean =
                new FilterRegistrationBean<>(new EntranceFilter(entrance));
        bean.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return bean;
    }

    /** The one way to the controllers; what Spring would add for pages and forms is left out. */
    @Bean
    DispatcherServlet dispatcherServlet() {
        return new DispatcherServlet();
    }

    @Bean
    ServletRegistrationBean<DispatcherServlet> controllers(DispatcherServlet dispatcher) {
        ServletRegistrationBean<DispatcherServlet> bean =
                new ServletRegistrationBean<>(dispatcher, "/");
        bean.setLoadOnStartup(1);
        return bean;
    }

    @Bean
    RequestMappingHandlerMapping handlerMapping() {
        return new RequestMappingHandlerMapping();
    }

    @Bean
    RequestMappingHandlerAdapter handlerAdapter() {
        RequestMappingHandlerAdapter adapter = new RequestMappingHandlerAdapter();
        adapter.setMessageConverters(
                List.of(
                        new StringHttpMessageConverter(StandardCharsets.UTF_8),
                        new JacksonJsonHttpMessageConverter(Json.MAPPER)));
        return adapter;
    }

    /** Keeps Tomcat from rewriting or refusing keys, and from closing connections early. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> keysAsTheyAre(
            ApiOptions options, PlainDoor door) {
        return factory -> {
            factory.setUriEncoding(StandardCharsets.ISO_8859_1); // any byte is a character of it
            factory.setProtocol(RawBytesProtocol.class.getName());
            factory.addConnectorCustomizers(connector -> {
                connector.setEncodedSolidusHandling("passthrough");
                connector.setEncodedReverseSolidusHandling("passthrough");
                connector.setXpoweredBy(false);
                if (connector.getProtocolHandler() instanceof RawBytesProtocol http) {
                    http.open(door);
                    http.setHeadMillis(options.bounds().headMillis());
                    http.setMaxKeepAliveRequests(-1);
                    http.setKeepAliveTimeout(PlainDoor.REST_MILLIS);
                    http.setMaxHttpRequestHeaderSize(MAX_HEAD_BYTES);
                    http.setMaxConnections(maxConnections(Runtime.getRuntime().maxMemory()));
                    http.setConnectionTimeout(PlainDoor.SILENCE_MILLIS);
                    http.setTcpNoDelay(true);
                }
            });
            factory.addErrorPages(new ErrorPage("/error"));
            factory.addContextCustomizers(context -> {
                if (context.getParent() instanceof StandardHost host) {
                    host.setErrorReportValveClass(ProblemReportValve.class.getName());
                }
            });
        };
    }

    /** As many connections as fit into a third of the heap, so that idle ones cannot exhaust it. */
    static int maxConnections(long heapBytes) {
        return Math.clamp(heapBytes / 3 / CONNECTION_BYTES, 128, MAX_CONNECTIONS);
    }
}

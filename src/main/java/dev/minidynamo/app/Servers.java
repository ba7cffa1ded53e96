package dev.minidynamo.app;

import org.springframework.boot.SpringApplication;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

import java.util.Map;
import java.util.function.BiConsumer;

/** Starts a Spring application whose settings are checked before any bean is made. */
final class Servers {

    private Servers() {}

    /**
     * Runs an application.
     *
     * @param prepare reads the options and registers what the beans need, or throws {@link
     *     StartRefused}
     */
    static void run(
            Class<?> application,
            Flags flags,
            BiConsumer<Options, GenericApplicationContext> prepare) {
        SpringApplication spring = new SpringApplication(application);
        spring.addInitializers(context -> {
            ConfigurableEnvironment environment = context.getEnvironment();
            Options options = Options.inEnvironment(environment::getProperty);
            prepare.accept(options, (GenericApplicationContext) context);
        });
        spring.run(flags.asSpringArguments());
    }

    /** Makes the server of this application listen there. */
    static void listen(GenericApplicationContext context, HostPort where, Tls tls) {
        Map<String, Object> properties = tls.server();
        properties.put("server.address", where.host());
        properties.put("server.port", where.port());
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("listen", properties));
    }
}

package dev.minidynamo.api;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** All that a node serves, as Spring beans: named, so that no start has to look for them. */
@Configuration(proxyBeanMethods = false)
@Import({
    ApiConfiguration.class,
    AdminController.class,
    DebugController.class,
    ErrorAnswer.class,
    HealthController.class,
    InternalController.class,
    KeyValueController.class,
    LinkFaultController.class,
    OpenApiController.class,
    ProblemHandler.class,
    SeedController.class
})
public class NodeApi {}

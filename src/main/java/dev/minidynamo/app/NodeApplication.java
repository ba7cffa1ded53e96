package dev.minidynamo.app;

import dev.minidynamo.api.NodeApi;
import dev.minidynamo.app.observe.ActuatorServlet;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Spring's application of one node.
 *
 * <p>It names what it is made of, instead of letting Spring Boot look at each of a hundred
 * autoconfigurations; see docs/decisions/node-names-its-beans.md.
 */
@Configuration(proxyBeanMethods = false)
@Import({
    NodeWorld.class,
    NodeConfiguration.class,
    NodeLifecycle.class,
    NodeApi.class,
    ActuatorServlet.class
})
class NodeApplication {}

package dev.minidynamo.app;

import dev.minidynamo.app.observe.ObserveConfiguration;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.thymeleaf.autoconfigure.ThymeleafAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Spring's application of one node. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = ThymeleafAutoConfiguration.class)
@ComponentScan("dev.minidynamo.api")
@Import({NodeWorld.class, NodeConfiguration.class, NodeLifecycle.class, ObserveConfiguration.class})
class NodeApplication {}

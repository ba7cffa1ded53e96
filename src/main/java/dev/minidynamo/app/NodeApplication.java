package dev.minidynamo.app;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** Spring's application of one node. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@ComponentScan("dev.minidynamo.api")
class NodeApplication {}

package dev.minidynamo.app;

import dev.minidynamo.agent.AgentController;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.thymeleaf.autoconfigure.ThymeleafAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Spring's application of an agent without a dashboard. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = ThymeleafAutoConfiguration.class)
@Import(AgentController.class)
class AgentApplication {}

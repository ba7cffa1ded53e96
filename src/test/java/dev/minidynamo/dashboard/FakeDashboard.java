package dev.minidynamo.dashboard;

import dev.minidynamo.agent.ControlGuard;
import dev.minidynamo.agent.Fleet;
import dev.minidynamo.agent.LaunchPlan;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

import java.util.List;
import java.util.Set;

@Configuration
@EnableAutoConfiguration
@ComponentScan(basePackages = "dev.minidynamo.dashboard")
class FakeDashboard {
    @Bean
    ClusterConfig config() {
        return new ClusterConfig(
                "demo", List.of(m("n1", 9101), m("n2", 9102), m("n3", 9103)), 64, 3, 2, 2);
    }

    static ClusterConfig.Member m(String id, int port) {
        return new ClusterConfig.Member(new NodeId(id), "127.0.0.1:" + port, "", null);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Fleet fleet(ClusterConfig c) {
        String cp = System.getProperty("java.class.path");
        return Fleet.ofProcesses(
                c,
                c.nodes().stream()
                        .map(n ->
                                new LaunchPlan(
                                        n.id(),
                                        n.address(),
                                        List.of(
                                                System.getProperty("java.home") + "/bin/java",
                                                "-Xmx64m",
                                                "-XX:TieredStopAtLevel=1",
                                                "-cp",
                                                cp,
                                                "dev.minidynamo.dashboard.FakeNode",
                                                n.id().value(),
                                                n.address().split(":")[1])))
                        .toList(),
                null,
                (n, l) -> System.out.println(n + " " + l));
    }

    @Bean
    ControlGuard guard() {
        return new ControlGuard(null, Set.of());
    }

    public static void main(String[] a) {
        SpringApplication.run(
                FakeDashboard.class,
                "--server.port=8099",
                "--server.address=127.0.0.1",
                "--spring.thymeleaf.cache=false",
                "--spring.thymeleaf.prefix=file:src/main/resources/templates/",
                "--spring.web.resources.static-locations=file:src/main/resources/static/");
    }
}

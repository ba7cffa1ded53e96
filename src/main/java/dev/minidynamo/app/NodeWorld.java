package dev.minidynamo.app;

import dev.minidynamo.api.ApiOptions;
import dev.minidynamo.api.NodeView;
import dev.minidynamo.coordinator.Mode;
import dev.minidynamo.env.Clock;
import dev.minidynamo.node.NodeAssembly;
import dev.minidynamo.node.NodePorts;
import dev.minidynamo.protocol.LinkFaults;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.runtime.EventLoop;
import dev.minidynamo.runtime.FileDisk;
import dev.minidynamo.runtime.HttpTransport;
import dev.minidynamo.runtime.SecureRandomSource;
import dev.minidynamo.runtime.SystemClock;
import dev.minidynamo.runtime.TransportOptions;
import dev.minidynamo.runtime.WorkerThread;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import java.io.File;

import javax.net.ssl.SSLContext;

/** The real world of a node as Spring beans: its thread, its disk, its clock, its network. */
@Configuration(proxyBeanMethods = false)
class NodeWorld {

    private static final Logger LOG = LoggerFactory.getLogger(NodeWorld.class);

    /** The exit status of a node that must not go on; sysexits.h calls it EX_SOFTWARE. */
    private static final int FATAL = 70;

    private final NodeSettings settings;

    NodeWorld(NodeSettings settings) {
        this.settings = settings;
    }

    /** Ends the process at once: what is in memory may be wrong, and the log has the truth. */
    private static void halt(String reason) {
        LOG.error("{} The process ends; its next start recovers from the log.", reason);
        Runtime.getRuntime().halt(FATAL);
    }

    private static void halt(Throwable bug) {
        halt("A bug: " + bug + ".");
    }

    @Bean
    TaskScheduler periodicWork() {
        ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
        scheduler.setPoolSize(1);
        scheduler.setThreadNamePrefix("periodic-");
        scheduler.setDaemon(true);
        return scheduler;
    }

    @Bean
    EventLoop eventLoop(TaskScheduler periodicWork) {
        return new EventLoop("node-" + settings.id(), periodicWork, NodeWorld::halt).start();
    }

    @Bean
    NodeLoop nodeLoop(EventLoop loop) {
        return new NodeLoop(loop);
    }

    @Bean
    Clock clock() {
        return new SystemClock();
    }

    @Bean
    WorkerThread logWorker(EventLoop loop) {
        return new WorkerThread("log-" + settings.id(), loop, NodeWorld::halt);
    }

    @Bean
    WorkerThread hintWorker(EventLoop loop) {
        return new WorkerThread("hints-" + settings.id(), loop, NodeWorld::halt);
    }

    @Bean
    WorkerThread backgroundWorker(EventLoop loop) {
        return new WorkerThread("compaction-" + settings.id(), loop, NodeWorld::halt);
    }

    @Bean
    LinkFaults linkFaults(Clock clock) {
        return new LinkFaults(settings.faultInjection(), clock::monotonicNanos);
    }

    @Bean
    HttpTransport transport(EventLoop loop, ObjectProvider<SSLContext> tls) {
        TransportOptions options =
                TransportOptions.defaults()
                        .withSecret(settings.access().secret())
                        .withTls(tls.getIfAvailable());
        return new HttpTransport(settings.id(), loop, options);
    }

    @Bean
    NodeAssembly nodeAssembly(
            EventLoop loop,
            Clock clock,
            FileDisk disk,
            WorkerThread logWorker,
            WorkerThread hintWorker,
            WorkerThread backgroundWorker,
            HttpTransport transport) {
        NodePorts ports =
                new NodePorts(
                        clock,
                        loop,
                        disk,
                        logWorker,
                        hintWorker,
                        backgroundWorker,
                        new SecureRandomSource(),
                        transport,
                        NodeWorld::halt,
                        LOG::info);
        return new NodeAssembly(Tuning.of(settings), ports);
    }

    /** Tomcat's empty folders, which would stay behind elsewhere each time a node is killed. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> foldersOfTomcat() {
        return factory -> {
            File folder = settings.storage().dataDir().resolve("tomcat").toFile();
            factory.setBaseDirectory(folder);
            factory.setDocumentRoot(folder);
        };
    }

    @Bean
    NodeView nodeView(Ring ring) {
        return new NodeView(settings.id(), settings.cluster(), ring);
    }

    @Bean
    ApiOptions apiOptions() {
        return new ApiOptions(
                ApiOptions.Bounds.ofValues(settings.storage().maxValueBytes()),
                ApiOptions.DEFAULT_TIMEOUT_MILLIS,
                settings.sloppy() ? Mode.SLOPPY : Mode.STRICT,
                settings.access().secret(),
                settings.access().apiToken());
    }
}

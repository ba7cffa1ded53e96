package dev.minidynamo.app.observe;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.apache.catalina.Container;
import org.apache.catalina.Wrapper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * {@code /actuator}, as a servlet with a Spring context of its own below the node's.
 *
 * <p>It is made a second after the node serves, since it takes as long to make as the rest of the
 * node; who asks before, waits for it.
 */
@Configuration(proxyBeanMethods = false)
public class ActuatorServlet {

    private static final Logger LOG = LoggerFactory.getLogger(ActuatorServlet.class);
    private static final String NAME = "actuator";

    /** How long the node's first requests have the processors for themselves. */
    private static final Duration FIRST_REQUESTS = Duration.ofSeconds(1);

    @Bean
    ServletRegistrationBean<DispatcherServlet> actuator() {
        AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
        context.register(ObserveConfiguration.class);
        ServletRegistrationBean<DispatcherServlet> servlet =
                new ServletRegistrationBean<>(new DispatcherServlet(context), "/actuator/*");
        servlet.setName(NAME);
        return servlet;
    }

    /** The list of endpoints at the servlet's root, which Spring has only under a final slash. */
    @Bean
    ServletRegistrationBean<HttpServlet> actuatorIndex() {
        return new ServletRegistrationBean<>(new Index(), "/actuator");
    }

    private static final class Index extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            request.getRequestDispatcher("/actuator/").forward(request, response);
        }
    }

    @Bean
    SmartLifecycle makesTheActuator(ObjectProvider<WebServerApplicationContext> node) {
        return new Maker(node);
    }

    /** Makes the servlet on a thread of its own, and lets the node end only when that is done. */
    private static final class Maker implements SmartLifecycle {

        private final ObjectProvider<WebServerApplicationContext> node;
        private final CountDownLatch ending = new CountDownLatch(1);
        private volatile @Nullable Thread thread;

        Maker(ObjectProvider<WebServerApplicationContext> node) {
            this.node = node;
        }

        @Override
        public void start() {
            thread = Thread.ofPlatform().daemon().name(NAME).start(this::load);
        }

        @Override
        public void stop() {
            Thread making = thread;
            thread = null;
            try {
                if (making != null) {
                    ending.countDown();
                    making.join();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public boolean isRunning() {
            return thread != null;
        }

        private void load() {
            try {
                if (ending.await(FIRST_REQUESTS.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                if (node.getObject().getWebServer() instanceof TomcatWebServer server) {
                    load(server.getTomcat().getHost());
                }
            } catch (ServletException e) {
                LOG.error("The actuator could not be made.", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static void load(Container host) throws ServletException {
            for (Container context : host.findChildren()) {
                if (context.findChild(NAME) instanceof Wrapper servlet) {
                    servlet.load();
                }
            }
        }
    }
}

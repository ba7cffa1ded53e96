package dev.minidynamo.app;

import org.apache.catalina.core.StandardContext;
import org.apache.coyote.http11.Http11NioProtocol;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

import java.util.Locale;

/**
 * Loads beside a node's start what that needs later, on the processor that would idle: the main
 * thread does one thing after the other, and almost half of its time is the loading of classes.
 */
final class HeadStart {

    private HeadStart() {}

    static void begin() {
        Thread.ofPlatform().daemon().name("head-start").start(HeadStart::load);
    }

    private static void load() {
        NodesFile.warmUp();
        Locale.getAvailableLocales();
        new StandardContext();
        new Http11NioProtocol();
        new RequestMappingHandlerAdapter();
    }
}

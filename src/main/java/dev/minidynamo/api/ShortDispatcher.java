package dev.minidynamo.api;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerExecutionChain;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Spring's way to the controllers, shortened for the requests of which there are many: those for a
 * key, and the batches of other nodes.
 *
 * <p>Which method handles them depends on the HTTP method alone, and is looked up once. As those
 * methods read the request and write the response themselves, they are called with nothing in
 * between. What they throw goes Spring's way; see {@code docs/decisions}.
 */
final class ShortDispatcher extends DispatcherServlet {

    private static final long serialVersionUID = 1L;

    private static final String KEYS = "/kv/";
    private static final String BATCH = "/internal/batch";
    private static final Set<String> METHODS = Set.of("GET", "PUT", "DELETE");

    private final transient Map<String, HandlerMethod> known = new ConcurrentHashMap<>();

    ShortDispatcher() {
        setPublishEvents(false); // that nobody listens to, one for each request
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        String name = name(request);
        HandlerMethod handler = name == null ? null : known.get(name);
        if (handler == null) {
            super.service(request, response);
            return;
        }
        try {
            handler.getMethod().invoke(handler.getBean(), request, response);
        } catch (InvocationTargetException e) {
            Exception thrown = e.getCause() instanceof Exception cause ? cause : e;
            failed(request, response, handler, thrown);
        } catch (IllegalAccessException e) {
            throw new ServletException(e);
        }
    }

    private void failed(
            HttpServletRequest request,
            HttpServletResponse response,
            HandlerMethod handler,
            Exception thrown)
            throws ServletException, IOException {
        try {
            processHandlerException(request, response, handler, thrown);
        } catch (ServletException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        }
    }

    @Override
    protected @Nullable HandlerExecutionChain getHandler(HttpServletRequest request)
            throws Exception {
        HandlerExecutionChain chain = super.getHandler(request);
        String name = name(request);
        if (name != null && chain != null && chain.getHandler() instanceof HandlerMethod handler) {
            known.put(name, handler);
        }
        return chain;
    }

    /** What the handler depends on; null for a request that goes Spring's way. */
    private static @Nullable String name(HttpServletRequest request) {
        String path = request.getRequestURI();
        String method = request.getMethod();
        if (path.startsWith(KEYS)) {
            return METHODS.contains(method) ? method : null;
        }
        return path.equals(BATCH) && method.equals("POST") ? BATCH : null;
    }
}

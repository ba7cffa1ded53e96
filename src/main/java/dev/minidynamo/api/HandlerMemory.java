package dev.minidynamo.api;

import jakarta.servlet.http.HttpServletRequest;

import org.jspecify.annotations.Nullable;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Spring's search for the method that handles a request, done once for each HTTP method of {@code
 * /kv/}.
 *
 * <p>Below that path the answer depends on nothing else, while the search tries the pattern of
 * every mapping there is, for each request; see {@code docs/decisions}.
 */
final class HandlerMemory extends RequestMappingHandlerMapping {

    private static final String KEYS = "/kv/";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "PUT", "DELETE");

    private final Map<String, HandlerMethod> known = new ConcurrentHashMap<>();

    @Override
    protected @Nullable HandlerMethod getHandlerInternal(HttpServletRequest request)
            throws Exception {
        if (!request.getRequestURI().startsWith(KEYS)) {
            return super.getHandlerInternal(request);
        }
        HandlerMethod handler = known.get(request.getMethod());
        if (handler == null) {
            handler = super.getHandlerInternal(request);
            if (handler != null && METHODS.contains(request.getMethod())) {
                known.put(request.getMethod(), handler);
            }
        }
        return handler;
    }
}

package dev.minidynamo.dashboard;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.filter.OncePerRequestFilter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Tells browsers to load nothing from elsewhere and to run no script but ours, and refuses every
 * change when the dashboard is read-only.
 *
 * <p>The referrer policy must let a form send its {@code Origin}, by which the control is guarded.
 */
final class PageHeaders extends OncePerRequestFilter {

    static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src"
                    + " 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
                    + " frame-ancestors 'none'";

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final boolean readOnly;

    PageHeaders(boolean readOnly) {
        this.readOnly = readOnly;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        if (readOnly && changes(request)) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            response.setContentType("application/problem+json");
            response.getOutputStream()
                    .write(
                            "{\"title\":\"Read-only\",\"status\":403,\"detail\":\"This dashboard was started with --read-only; it changes nothing.\"}"
                                    .getBytes(StandardCharsets.UTF_8));
            return;
        }
        chain.doFilter(request, response);
    }

    /** A read through the console comes as a form too. */
    private static boolean changes(HttpServletRequest request) {
        boolean read =
                request.getRequestURI().equals("/console")
                        && "get".equals(request.getParameter("operation"));
        return !SAFE.contains(request.getMethod()) && !read;
    }
}

package dev.minidynamo.agent;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;

/**
 * The filter that lets only the owner steer nodes.
 *
 * <p>A web page of somebody else can make a browser send requests to this machine. Such a request
 * carries that page's {@code Origin}, or, after a rebinding of its name, that page's {@code Host}.
 * So the host must be one of ours, and what changes state must come from our own pages or carry the
 * bearer token. Where a secret is set, an agent's control always needs it.
 */
public final class ControlGuard extends OncePerRequestFilter {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final @Nullable String secret;
    private final Set<String> hosts;

    /**
     * @param hosts further host names, without port, under which this server may be reached
     */
    public ControlGuard(@Nullable String secret, Set<String> hosts) {
        this.secret = secret;
        this.hosts = Set.copyOf(hosts);
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String refusal = refusal(request);
        if (refusal == null) {
            chain.doFilter(request, response);
            return;
        }
        response.setStatus(refusal.startsWith("This needs") ? 401 : 403);
        response.setContentType("application/problem+json");
        response.getOutputStream()
                .write(("{\"detail\":\"" + refusal + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    private @Nullable String refusal(HttpServletRequest request) {
        if (hasToken(request)) {
            return null;
        }
        boolean agent = request.getRequestURI().startsWith("/agent");
        if (agent && secret != null) {
            return "This needs the secret as a bearer token.";
        }
        String host = request.getServerName().toLowerCase(Locale.ROOT);
        if (!LOOPBACK.contains(host) && !hosts.contains(host)) {
            return "This server is not known under the name of the Host header.";
        }
        if (SAFE.contains(request.getMethod()) || sameOrigin(request, agent)) {
            return null;
        }
        return "What changes state needs an Origin header that is this server, or the secret as a"
                + " bearer token.";
    }

    private boolean hasToken(HttpServletRequest request) {
        String given = request.getHeader("Authorization");
        return secret != null
                && given != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8),
                        ("Bearer " + secret).getBytes(StandardCharsets.UTF_8));
    }

    private static boolean sameOrigin(HttpServletRequest request, boolean absentIsFine) {
        String origin = request.getHeader("Origin");
        if (origin == null) {
            return absentIsFine;
        }
        String host = request.getHeader("Host");
        return origin.equals("http://" + host) || origin.equals("https://" + host);
    }
}

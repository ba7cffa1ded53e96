package dev.minidynamo.agent;

import dev.minidynamo.model.KnownHosts;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Set;

/**
 * The filter that lets only the owner steer nodes.
 *
 * <p>A web page of somebody else can make a browser send requests to this machine. Such a request
 * carries that page's {@code Origin}, or, after a rebinding of its name, that page's {@code Host}.
 * So the host must be one of ours, and what changes state must come from our own pages or carry the
 * bearer token. Whoever knows the secret is let in under any name.
 *
 * <p>What is asked depends on what this process is, never on the path: a path can be written in
 * many ways, and a filter that reads it otherwise than the server behind it guards nothing.
 */
public final class ControlGuard extends OncePerRequestFilter {

    /** What stands behind the guard. */
    public enum Guarded {
        /** An agent: where a secret is set, everything needs it. */
        AGENT,
        /** A dashboard that only this machine can reach, or that is open on purpose. */
        OPEN_DASHBOARD,
        /** A dashboard that others can reach: everything needs the secret, as a password. */
        LOCKED_DASHBOARD
    }

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final Guarded guarded;
    private final byte @Nullable [] secret;
    private final KnownHosts hosts;

    /**
     * @param hosts names, without port, under which this server may be reached, beside localhost
     *     and plain addresses
     */
    public ControlGuard(Guarded guarded, @Nullable String secret, Set<String> hosts) {
        this.guarded = guarded;
        this.secret = secret == null ? null : secret.getBytes(StandardCharsets.UTF_8);
        this.hosts = new KnownHosts(hosts);
    }

    /** Why a request is not let in. */
    private record Refusal(int status, String sentence) {}

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Refusal refusal = refusal(request);
        if (refusal == null) {
            chain.doFilter(request, response);
            return;
        }
        response.setStatus(refusal.status());
        if (refusal.status() == HttpServletResponse.SC_UNAUTHORIZED) {
            response.setHeader(
                    "WWW-Authenticate",
                    guarded == Guarded.AGENT
                            ? "Bearer"
                            : "Basic realm=\"Mini Dynamo\", charset=\"UTF-8\"");
        }
        response.setContentType("application/problem+json");
        response.getOutputStream()
                .write(
                        "{\"status\":%d,\"detail\":\"%s\"}"
                                .formatted(refusal.status(), refusal.sentence())
                                .getBytes(StandardCharsets.UTF_8));
    }

    private @Nullable Refusal refusal(HttpServletRequest request) {
        if (isSecret(credentials(request, "Bearer "))) {
            return null;
        }
        boolean locked = secret != null && guarded != Guarded.OPEN_DASHBOARD;
        if (locked && !hasPassword(request)) {
            return new Refusal(
                    HttpServletResponse.SC_UNAUTHORIZED,
                    guarded == Guarded.AGENT
                            ? "This needs the secret as a bearer token."
                            : "This needs the secret as a password, or as a bearer token.");
        }
        if (!locked && !hosts.has(request.getServerName())) {
            return new Refusal(
                    HttpServletResponse.SC_FORBIDDEN,
                    "This server is not known under the name of the Host header; accepted are"
                            + " localhost, plain addresses and the cluster's own hosts.");
        }
        if (SAFE.contains(request.getMethod()) || sameOrigin(request)) {
            return null;
        }
        return new Refusal(
                HttpServletResponse.SC_FORBIDDEN,
                "What changes state needs an Origin header that is this server, or the secret as a"
                        + " bearer token.");
    }

    /** Whether a browser sends the secret as its user's password; the user's name is nothing. */
    private boolean hasPassword(HttpServletRequest request) {
        String given = credentials(request, "Basic ");
        if (given == null || guarded != Guarded.LOCKED_DASHBOARD) {
            return false;
        }
        try {
            String pair = new String(Base64.getDecoder().decode(given), StandardCharsets.UTF_8);
            return isSecret(pair.substring(pair.indexOf(':') + 1));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static @Nullable String credentials(HttpServletRequest request, String scheme) {
        String given = request.getHeader("Authorization");
        return given != null && given.regionMatches(true, 0, scheme, 0, scheme.length())
                ? given.substring(scheme.length()).strip()
                : null;
    }

    private boolean isSecret(@Nullable String shown) {
        return secret != null
                && shown != null
                && MessageDigest.isEqual(shown.getBytes(StandardCharsets.UTF_8), secret);
    }

    /** A console is no web page: what it sends to an agent has no origin. */
    private boolean sameOrigin(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        if (origin == null) {
            return guarded == Guarded.AGENT;
        }
        String host = request.getHeader("Host");
        return origin.equals("http://" + host) || origin.equals("https://" + host);
    }
}

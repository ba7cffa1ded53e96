package dev.minidynamo.api;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.KnownHosts;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;

/**
 * Stands before everything, whichever way a request comes: refuses paths that could mean two
 * things, callers without the token, web pages of other origins, and requests for keys while the
 * node has enough to do.
 *
 * <p>Only under {@code /kv} and {@code /debug/explain} does a path carry a key. Anywhere else it
 * must be written plainly, so that what is guarded here is surely what is served behind. Where no
 * token is asked for, the {@code Host} must be a known one, because a page can make a name of its
 * own point to this machine. Spring Security would refuse legal keys and costs as much as the whole
 * rest of a request.
 */
final class Entrance {

    private static final List<String> GUARDED =
            List.of("/internal", "/debug", "/admin", "/actuator");
    private static final Set<String> OPEN_ACTUATOR =
            Set.of(
                    "/actuator/health",
                    "/actuator/health/liveness",
                    "/actuator/health/readiness",
                    "/actuator/info");

    private final byte @Nullable [] secret;
    private final byte @Nullable [] apiToken;
    private final KnownHosts hosts;
    private final Admission admission;
    private final ClusterConfig config;
    private volatile String lastGoodHost = "";

    Entrance(ApiOptions options, Admission admission, ClusterConfig config) {
        this.secret = bytes(options.secret());
        this.apiToken = bytes(options.apiToken());
        this.hosts =
                new KnownHosts(config.nodes().stream().map(ClusterConfig.Member::host).toList());
        this.admission = admission;
        this.config = config;
    }

    /**
     * Who asks for what.
     *
     * @param uri the raw path
     * @param query the raw query, if there is one
     * @param host the header; so are {@code origin} and {@code authorization}
     */
    record Caller(
            String method,
            String uri,
            @Nullable String query,
            String scheme,
            @Nullable String host,
            @Nullable String origin,
            @Nullable String authorization) {}

    /** The answer to a caller who is not let in, or null. */
    @Nullable Problem refusal(Caller caller) {
        String uri = caller.uri;
        boolean keyed = uri.startsWith("/kv/") || uri.startsWith("/debug/explain/");
        if (keyed && RawKey.hasDotSegment(uri)) {
            return RawKey.dotSegment();
        }
        if (!keyed && !isPlain(uri)) {
            return Problem.badRequest(
                    "only a key's path may have percent-coding, empty segments, ';' or '..'");
        }
        boolean values = keyed || uri.equals("/kv");
        byte[] token = isGuarded(uri) ? secret : values ? apiToken : null;
        if (token != null && !shows(caller.authorization, token)) {
            return new Problem(
                            401, "this address needs the bearer token in an Authorization header")
                    .header("WWW-Authenticate", "Bearer");
        }
        boolean anyHost = !values && secret != null;
        Problem foreign = token == null ? foreignPage(caller, anyHost) : null;
        return foreign == null && uri.startsWith("/kv") ? overload(caller) : foreign;
    }

    /** Leaves a request with parameters, which may ask for another quorum, to its controller. */
    private @Nullable Problem overload(Caller caller) {
        if (!admission.isFull() || caller.query != null) {
            return null;
        }
        boolean reads = caller.method.equals("GET") || caller.method.equals("HEAD");
        return Admission.overloaded(reads ? config.r() : config.w());
    }

    /**
     * @param anyHost whether the host does not matter, as every page may know the answer
     */
    private @Nullable Problem foreignPage(Caller caller, boolean anyHost) {
        String host = caller.host;
        if (!anyHost && !isKnown(host)) {
            return new Problem(
                    403,
                    "the Host of the request is not one of this cluster's; accepted are localhost,"
                            + " plain addresses and the hosts of nodes.json; where an API token is"
                            + " asked for, every host is");
        }
        String origin = caller.origin;
        if (origin != null && !origin.equals(caller.scheme + "://" + host)) {
            return new Problem(403, "requests of web pages from other origins are not accepted");
        }
        return null;
    }

    private boolean isKnown(@Nullable String host) {
        if (host == null || host.equals(lastGoodHost)) {
            return true;
        }
        boolean known = hosts.has(host.replaceFirst(":\\d+$", ""));
        if (known) {
            lastGoodHost = host;
        }
        return known;
    }

    private static boolean isPlain(String uri) {
        return uri.indexOf('%') < 0
                && uri.indexOf(';') < 0
                && !uri.contains("//")
                && !RawKey.hasDotSegment(uri);
    }

    private static boolean isGuarded(String uri) {
        for (String prefix : GUARDED) {
            if (uri.startsWith(prefix)) {
                return !OPEN_ACTUATOR.contains(uri);
            }
        }
        return false;
    }

    private static boolean shows(@Nullable String header, byte[] token) {
        if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return false;
        }
        byte[] shown = header.substring(7).strip().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(token, shown);
    }

    private static byte @Nullable [] bytes(@Nullable String token) {
        return token == null || token.isEmpty() ? null : token.getBytes(StandardCharsets.UTF_8);
    }
}

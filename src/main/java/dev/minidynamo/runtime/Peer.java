package dev.minidynamo.runtime;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/** Where a peer listens. */
record Peer(NodeId id, String host, int port) {

    /**
     * @throws IllegalArgumentException if the address is not {@code host:port}
     */
    static Peer of(ClusterConfig.Member member) {
        String address = member.address();
        int colon = address.lastIndexOf(':');
        try {
            String host = address.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            return new Peer(member.id(), host, Integer.parseInt(address.substring(colon + 1)));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "addr of " + member.id() + " is \"" + address + "\"; accepted is host:port", e);
        }
    }

    /** The head of every POST to the peer, up to and with {@code Content-Length: }. */
    byte[] head(@Nullable String secret) {
        String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return ("POST /internal/batch HTTP/1.1\r\nHost: "
                        + shown
                        + ":"
                        + port
                        + "\r\n"
                        + (secret == null ? "" : "Authorization: Bearer " + secret + "\r\n")
                        + "Content-Type: application/octet-stream\r\nContent-Length: ")
                .getBytes(StandardCharsets.UTF_8);
    }
}

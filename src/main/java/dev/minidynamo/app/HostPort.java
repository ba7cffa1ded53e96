package dev.minidynamo.app;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/**
 * A host and a TCP port.
 *
 * @param host a name or address; {@code 0.0.0.0} stands for every address of this machine
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) {

    /** What to tell somebody who wrote something else. */
    public static final String ACCEPTED =
            "host:port with a host of letters, digits, '.' and '-' and a port from 1 to 65535, such"
                    + " as 127.0.0.1:9001";

    /**
     * Reads {@code host:port}, {@code [v6]:port}, or {@code :port} for every address.
     *
     * @throws IllegalArgumentException if the text is nothing of that kind
     */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(ACCEPTED);
        }
        String host = text.substring(0, colon);
        int port = port(text.substring(colon + 1));
        if (!isHost(host) || port < 1 || port > 65_535) {
            throw new IllegalArgumentException(ACCEPTED);
        }
        return new HostPort(host.isEmpty() ? "0.0.0.0" : host, port);
    }

    /** Whether URIs may have this host: none with an underscore, which some clients refuse. */
    private static boolean isHost(String host) {
        if (!host.startsWith("[") || !host.endsWith("]")) {
            return host.matches("[A-Za-z0-9.-]*");
        }
        try {
            Inet6Address.ofLiteral(host.substring(1, host.length() - 1));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static int port(String digits) {
        return digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : -1;
    }

    /** Whether only programs on this machine can reach it. An unknown name is not loopback. */
    public boolean loopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /**
     * Sees that a server can listen here.
     *
     * @param what whose port it is, for the sentence
     * @throws StartRefused if it is taken, or no address of this machine
     */
    void requireFree(String what) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new StartRefused(
                    StartRefused.USAGE,
                    what + " cannot listen on " + this + ", because the host is unknown.");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            boolean taken = String.valueOf(e.getMessage()).contains("in use");
            throw new StartRefused(
                    StartRefused.UNAVAILABLE,
                    what
                            + " cannot listen on "
                            + this
                            + (taken
                                    ? ", because another program has this port."
                                    : ": " + e.getMessage() + "."));
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}

package dev.minidynamo.model;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The hosts by which a server may be asked that asks for no token.
 *
 * <p>A web page can make a name of its own point to this machine (DNS rebinding), so other names
 * are not accepted. It cannot do so with a plain address.
 */
public final class KnownHosts {

    private static final Pattern PLAIN_ADDRESS =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[.+\\]");

    private final Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    /**
     * @param names beside localhost and plain addresses
     */
    public KnownHosts(Collection<String> names) {
        this.names.addAll(names);
        this.names.add("localhost");
    }

    /**
     * Whether the server may be asked by this host.
     *
     * @param host without a port, IPv6 in brackets
     */
    public boolean has(String host) {
        return names.contains(host) || PLAIN_ADDRESS.matcher(host).matches();
    }
}

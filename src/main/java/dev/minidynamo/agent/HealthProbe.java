package dev.minidynamo.agent;

/** Asks a node whether it answers. */
@FunctionalInterface
public interface HealthProbe {

    /**
     * Whether the node at {@code host:port} answered its health address; never throws and takes at
     * most a second or two.
     */
    boolean healthy(String address);
}

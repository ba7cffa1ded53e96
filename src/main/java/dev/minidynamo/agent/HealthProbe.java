package dev.minidynamo.agent;

import java.net.URI;

/** Asks a node whether it answers. */
@FunctionalInterface
public interface HealthProbe {

    /**
     * Whether the node answered its health address; never throws and takes at most a second or two.
     */
    boolean healthy(URI health);
}

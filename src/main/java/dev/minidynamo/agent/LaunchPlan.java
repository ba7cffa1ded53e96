package dev.minidynamo.agent;

import dev.minidynamo.model.NodeId;

import java.net.URI;
import java.util.List;

/**
 * How to start one node.
 *
 * @param address {@code host:port} of its HTTP server
 * @param command the program and its arguments
 */
public record LaunchPlan(NodeId id, String address, List<String> command) {

    public LaunchPlan {
        command = List.copyOf(command);
    }

    URI health() {
        return URI.create("http://" + address + "/health");
    }
}

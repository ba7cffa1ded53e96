package dev.minidynamo.agent;

import dev.minidynamo.model.NodeId;

import java.util.List;
import java.util.function.Supplier;

/**
 * How to start one node.
 *
 * @param address {@code host:port} of its HTTP server
 * @param command gives the program and its arguments, anew at each start
 */
public record LaunchPlan(NodeId id, String address, Supplier<List<String>> command) {

    public LaunchPlan(NodeId id, String address, List<String> command) {
        this(id, address, () -> command);
    }
}

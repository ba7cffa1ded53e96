package dev.minidynamo.app;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code agent --node=n1}: owns one node's process and takes orders from a console. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        description = {
            "Runs one node as a child process, and lets a console kill, pause and restart it"
                    + " through the agent address of nodes.json.",
            ""
        })
@SuppressWarnings("UnusedVariable") // the flags are read from picocli's result, see Flags
final class AgentCommand implements Callable<Integer> {

    @Option(
            names = "--node",
            required = true,
            paramLabel = "ID",
            description = "The node to own, by its id in nodes.json.")
    private @Nullable String node;

    @Option(names = "--heap", paramLabel = "SIZE", description = "The heap of the node (256m).")
    private @Nullable String heap;

    @Mixin private final NodeFlags flags = new NodeFlags();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        new AgentRole(Flags.of(Objects.requireNonNull(spec))).run();
        return MiniDynamo.RUNNING;
    }
}

package dev.minidynamo.app;

import dev.minidynamo.app.cli.BenchCommand;
import dev.minidynamo.app.cli.DeleteCommand;
import dev.minidynamo.app.cli.ExplainCommand;
import dev.minidynamo.app.cli.GetCommand;
import dev.minidynamo.app.cli.PutCommand;
import dev.minidynamo.app.cli.ScenarioCommand;
import dev.minidynamo.app.cli.StatusCommand;

import org.jspecify.annotations.Nullable;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;

/** The command without a name: one node with {@code --id}, else the whole cluster. */
@Command(
        name = "mini-dynamo",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        description = {
            "A replicated key-value store after the Dynamo paper.",
            "",
            "Without --id it runs the whole cluster of nodes.json on this machine, with a dashboard"
                    + " on http://localhost:8080. With --id it runs one node.",
            ""
        },
        footer = {
            "",
            "Each option but --id can also be set in the environment (DYNAMO_DATA_DIR) or in"
                + " application.yaml (dynamo.data-dir); a flag wins over the environment, and that"
                + " over the file."
        },
        subcommands = {
            AgentCommand.class,
            ConsoleCommand.class,
            PutCommand.class,
            GetCommand.class,
            DeleteCommand.class,
            ExplainCommand.class,
            StatusCommand.class,
            ScenarioCommand.class,
            BenchCommand.class,
            StartCacheCommand.class,
            AutoComplete.GenerateCompletion.class
        })
@SuppressWarnings("UnusedVariable") // the flags are read from picocli's result, see Flags
final class RootCommand implements Callable<Integer> {

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "The node to run, by its id in nodes.json.")
    private @Nullable String id;

    @Option(
            names = "--supervised",
            hidden = true,
            description = "End when the standard input ends, because the agent is gone.")
    private boolean supervised;

    @Option(
            names = "--rehearse",
            hidden = true,
            description = "Serve some requests and end, for the sake of a start cache.")
    private boolean rehearse;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            description = "The heap of each node that is started here (256m).")
    private @Nullable String heap;

    @Mixin private final DashboardFlags dashboard = new DashboardFlags();

    @Mixin private final NodeFlags flags = new NodeFlags();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Flags given = Flags.of(Objects.requireNonNull(spec));
        if (rehearse) {
            new NodeRole(given, false).rehearse();
            return 0;
        }
        if (id == null) {
            new ClusterRole(given).run();
        } else {
            new NodeRole(given, supervised).run();
        }
        return MiniDynamo.RUNNING;
    }

    /** Runs one node, and tells why where it cannot. */
    static int node(Flags flags) {
        try {
            new NodeRole(flags, flags.has("supervised")).run();
            return MiniDynamo.RUNNING;
        } catch (RuntimeException e) {
            return Failures.tell(e, new PrintWriter(System.err, true, System.err.charset()));
        }
    }

    /** Picocli's view of the program, with every command and our way of telling mistakes. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new RootCommand());
        line.setParameterExceptionHandler(new Mistakes());
        line.setExecutionExceptionHandler(new Failures());
        line.setUsageHelpAutoWidth(true);
        Objects.requireNonNull(line.getSubcommands().get("generate-completion"))
                .getCommandSpec()
                .usageMessage()
                .description("Print a completion script for bash and zsh.");
        return line;
    }
}

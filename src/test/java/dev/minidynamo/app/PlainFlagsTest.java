package dev.minidynamo.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

import java.util.List;
import java.util.Objects;
import java.util.Set;

class PlainFlagsTest {

    @Test
    void theStartOfANodeByItsAgentIsReadAsPicocliReadsIt() {
        String[] arguments = {
            "--id=n1", "--config=a b.json", "--listen=127.0.0.1:9001", "--supervised", "--ae=false"
        };
        Flags flags = Objects.requireNonNull(PlainFlags.ofNode(arguments));

        CommandLine picocli = RootCommand.commandLine();
        picocli.parseArgs(arguments);
        assertThat(flags.without(Set.of()))
                .isEqualTo(Flags.of(picocli.getCommandSpec()).without(Set.of()));
        assertThat(flags.asSpringArguments()).contains("--dynamo.config=a b.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--config=nodes.json",
                "--id=n1 --unknown=1",
                "--id=n1 --id=n2",
                "--id n1",
                "--id=n1 --ae",
                "--id=n1 --heap=1g",
                "--id=n1 --rehearse",
                "--id=n1 --help",
                "--id=n1 @file",
                "status --id=n1"
            })
    void whatNeedsThoughtIsLeftToPicocli(String line) {
        assertThat(PlainFlags.ofNode(line.isEmpty() ? new String[0] : line.split(" "))).isNull();
    }

    @Test
    void aNodeTakesTheFlagsThatPicocliKnows() {
        List<String> known =
                new CommandLine(new OnlyNodeFlags())
                        .getCommandSpec().options().stream().map(OptionSpec::longestName).toList();
        assertThat(PlainFlags.names()).containsAll(known).hasSize(known.size() + 2);
    }

    @CommandLine.Command
    private static final class OnlyNodeFlags {
        @CommandLine.Mixin private final NodeFlags flags = new NodeFlags();
    }
}

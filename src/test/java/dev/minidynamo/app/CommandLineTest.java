package dev.minidynamo.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.runtime.FileDisk;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The program as it is called: arguments in, exit status and words out. */
class CommandLineTest extends CommandLineFixture {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "agent",
                "console",
                "put",
                "get",
                "delete",
                "explain",
                "status",
                "scenario",
                "bench",
                "generate-completion"
            })
    void everyCommandHasHelp(String command) {
        List<String> arguments = new ArrayList<>(command.isEmpty() ? List.of() : List.of(command));
        arguments.add("--help");
        assertThat(run(arguments.toArray(String[]::new))).isZero();
        assertThat(out.toString()).contains("Usage: mini-dynamo").contains("--help");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theVersionNamesTheProgramAndItsJava() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("Mini Dynamo ").contains("Java 2");
    }

    @Test
    void anUnknownFlagIsToldWithThoseThereAre() {
        assertThat(run("console", "-data_dir=x")).isEqualTo(2);
        assertOneSentence(
                "there is no flag --data-dir; accepted are --config, --help, --insecure, --listen,"
                        + " --read-only, --tls, --version.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "frob|there is no command \"frob\"; accepted are agent, console, put, get, delete,"
                        + " explain, status, scenario, bench, start-cache, generate-completion.",
                "get|Missing required parameter: 'KEY'; see mini-dynamo get --help.",
                "agent|Missing required option: '--node=ID'; see mini-dynamo agent --help.",
                "put k v w|the argument \"w\" is one too many; see mini-dynamo put --help.",
                "get k --url ftp://x|url is \"ftp://x\"; accepted is an address such as"
                        + " http://localhost:9001.",
                "get k --timeout=5|timeout is \"5\"; accepted is a duration such as 1500ms, 1m30s"
                        + " or PT1M30S.",
                "bench --url=https://localhost:9001|url is \"https://localhost:9001\"; bench speaks"
                        + " HTTP in the clear only, so that it measures the nodes and not its own"
                        + " encryption.",
                "bench --connections=0|connections is \"0\"; accepted is a whole number from 1.",
            })
    void aMistakeIsOneSentenceWithExitStatusTwo(String arguments, String sentence) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertOneSentence(sentence);
    }

    @Test
    void aWrongValueEndsTheStartOfANodeBeforeAnythingIsTouched() throws IOException {
        assertThat(run("-id", "n1", cluster("127.0.0.1:9001"), "-ae_interval", "5x")).isEqualTo(2);
        assertOneSentence(
                "ae-interval is \"5x\"; accepted is a duration such as 1500ms, 1m30s or PT1M30S.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--data-dir=|data-dir is \"\"; accepted is a value, or no flag.",
                "--ae=|ae is \"\"; accepted is a value, or no flag.",
                "--heap=abc|heap is \"abc\"; accepted is a size such as 256m or 1g.",
                "--read-only=maybe|read-only is \"maybe\"; accepted is true or false.",
                "--start-cache=x|start-cache is \"x\"; accepted is true or false.",
            })
    void aFlagOfANodeIsCheckedEvenWhereItIsNotUsed(String flag, String sentence)
            throws IOException {
        assertThat(run("--id=n1", cluster("127.0.0.1:9001"), flag)).isEqualTo(2);
        assertOneSentence(sentence);
    }

    @Test
    void theNodeOfAnAgentIsNamedByItsFlag() throws IOException {
        String config = cluster("127.0.0.1:9001", "127.0.0.1:9009");
        assertThat(run("agent", "--node=n9", config)).isEqualTo(2);
        assertOneSentence("node is \"n9\"; accepted is one of [n1] of nodes.json.");
    }

    @Test
    void aDashboardIsReadOnlyOrNotAndNothingBetween() throws IOException {
        assertThat(run("console", cluster("127.0.0.1:9001"), "--read-only=maybe")).isEqualTo(2);
        assertOneSentence("read-only is \"maybe\"; accepted is true or false.");
    }

    @Test
    void nothingListensToTheNetworkWithoutASecret() throws IOException {
        String open = "192.0.2.1:9009"; // an address that the documentation of networks uses
        String sentence =
                "listen is \""
                        + open
                        + "\", which others can reach; set DYNAMO_SECRET, listen on 127.0.0.1, or"
                        + " give --insecure.";
        String config = cluster("127.0.0.1:9001", open);
        for (String[] start :
                new String[][] {
                    {config, "--listen=" + open},
                    {"--id=n1", config, "--listen=" + open},
                    {"console", config, "--listen=" + open},
                    {"agent", "--node=n1", config}
                }) {
            err.getBuffer().setLength(0);
            assertThat(run(start)).as(String.join(" ", start)).isEqualTo(2);
            assertOneSentence(sentence);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--tls=none|tls is \"none\"; accepted is a bundle of spring.ssl.bundle.pem or .jks,"
                        + " which are [].",
                "--tls-client-auth=want|tls-client-auth is \"want\"; accepted is none or need.",
                "--tls-client-auth=need|tls-client-auth is \"need\", but tls names no bundle.",
            })
    void tlsThatCannotBeHadEndsTheStart(String flag, String sentence) throws IOException {
        assertThat(run("--id=n1", cluster("127.0.0.1:9001"), flag)).isEqualTo(2);
        assertOneSentence(sentence);
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void quorumsThatDoNotOverlapAreWarnedAboutInEachWayToStart(CapturedOutput output)
            throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            String config = cluster(address, "127.0.0.1:9009").replace("nodes", "loose");
            Files.writeString(
                    folder.resolve("loose.json"),
                    Files.readString(folder.resolve("nodes.json"))
                            .replace(
                                    "\"nodes\":[",
                                    "\"nodes\":[{\"id\":\"n2\",\"addr\":\"127.0.0.1:9002\"},")
                            .replace("\"n\":1", "\"n\":2"));
            for (String[] start :
                    new String[][] {
                        {"--id=n1", config}, {config}, {"agent", "--node=n1", config}
                    }) {
                int before = output.getOut().length();
                assertThat(run(start)).as(String.join(" ", start)).isEqualTo(1);
                assertThat(output.getOut().substring(before))
                        .contains("R=1 and W=1 do not overlap with N=2");
            }
        }
    }

    @Test
    void theCompletionScriptKnowsEveryCommand() {
        assertThat(run("generate-completion")).isZero();
        assertThat(out.toString())
                .contains("complete -F", "mini-dynamo")
                .contains("put", "get", "delete", "explain", "status", "scenario", "bench")
                .contains("\"handoff\"");
    }

    @Test
    void aTakenPortIsOneSentenceForANodeAndForACluster() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertThat(run("--id=n1", cluster(address))).isEqualTo(1);
            assertOneSentence(
                    "node n1 cannot listen on "
                            + address
                            + ", because another program has this port.");
            err.getBuffer().setLength(0);
            assertThat(run(cluster("127.0.0.1:9001"), "--listen=" + address)).isEqualTo(1);
            assertOneSentence(
                    "the dashboard cannot listen on "
                            + address
                            + ", because another program has this port.");
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aDataDirectoryThatCannotBeHadIsOneSentence(CapturedOutput output) throws IOException {
        String config = cluster(freeAddress());
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(run("--id=n1", config, "--data-dir=" + file)).isEqualTo(2);
        assertOneSentence(
                "data-dir is \"" + file + "\", which cannot be used: it is a file, not a folder.");

        err.getBuffer().setLength(0);
        Path used = folder.resolve("used");
        try (FileDisk _ = FileDisk.open(used)) {
            assertThat(run("--id=n1", config, "--data-dir=" + used)).isEqualTo(2);
            assertOneSentence(
                    "the data directory %s is in use by another process (process %d); stop that process, or give this node its own --data-dir."
                            .formatted(used, ProcessHandle.current().pid()));
        }

        err.getBuffer().setLength(0);
        Path foreign = Files.createDirectories(folder.resolve("foreign"));
        String hex = Files.readString(Path.of("src/test/resources/golden/store/v1-node.json.hex"));
        byte[] node = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        Files.write(foreign.resolve("node.json"), node);
        Files.createFile(Files.createDirectory(foreign.resolve("kv")).resolve("manifest"));
        String other = config.replace("nodes", "other");
        Files.writeString(
                folder.resolve("other.json"),
                Files.readString(folder.resolve("nodes.json")).replace("\"n1\"", "\"n7\""));
        assertThat(run("--id=n7", other, "--data-dir=" + foreign)).isEqualTo(2);
        assertOneSentence(
                "the data directory belongs to node \"n1\" of cluster \"test\", not to node \"n7\""
                        + " of cluster \"default\"; give this node its own --data-dir.");
        assertThat(output.getAll()).doesNotContain("Exception", "\tat ");
    }

    private static String freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void anApplicationYamlThatIsNoneIsOneSentence(CapturedOutput output) throws IOException {
        Path file = Files.writeString(folder.resolve("application.yaml"), "a: b\n c: : d\n");
        System.setProperty("spring.config.additional-location", file.toUri().toString());
        try {
            assertThat(run("--id=n1", cluster("127.0.0.1:9001"))).isEqualTo(2);
        } finally {
            System.clearProperty("spring.config.additional-location");
        }
        assertOneSentence(
                "application.yaml is not YAML: mapping values are not allowed here at line 2,"
                        + " column 3.");
        assertThat(output.getAll()).doesNotContain("Exception", "\tat ");
    }

    @Test
    void anAgentNeedsAnAddressInTheFile() throws IOException {
        assertThat(run("agent", "--node=n1", cluster("127.0.0.1:9001"))).isEqualTo(2);
        assertOneSentence(
                "nodes.json has no agent for n1; accepted is the address of its control, such as"
                        + " 127.0.0.1:7001.");
    }
}

package dev.minidynamo.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class NodesFileTest {

    private static final Options NONE = Options.of(Map.of());
    private static final String N1 = "{'id':'n1','addr':'127.0.0.1:9001'}";
    private static final String N2 = "{'id':'n2','addr':'127.0.0.1:9002'}";

    private static ClusterConfig parse(String text) {
        return NodesFile.parse("nodes.json", text.replace('\'', '"'), NONE);
    }

    @Test
    void theFileOfTheFirstProgramIsRead() {
        ClusterConfig cluster =
                parse("{'nodes':[" + N1 + "," + N2 + "],'vnodes':64,'n':2,'r':1,'w':2}");
        assertThat(cluster.ids()).containsExactly(new NodeId("n1"), new NodeId("n2"));
        assertThat(cluster.n()).isEqualTo(2);
        assertThat(cluster.nodes().getFirst().agent()).isNull();
    }

    @Test
    void clusterZoneAndAgentMayBeGiven() {
        ClusterConfig cluster =
                parse(
                        "{'cluster':'demo','nodes':[{'id':'n1','addr':'[::1]:9001','zone':'a','agent':'h:7001'}],"
                            + "'vnodes':1,'n':1,'r':1,'w':1}");
        assertThat(cluster.cluster()).isEqualTo("demo");
        assertThat(cluster.nodes())
                .isEqualTo(
                        List.of(
                                new ClusterConfig.Member(
                                        new NodeId("n1"), "[::1]:9001", "a", "h:7001")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'nodes':[N1,N1],'vnodes':1,'n':1,'r':1,'w':1}|nodes has the id \"n1\" twice; ids"
                        + " must be distinct.",
                "{'nodes':[N1,{'id':'n2','addr':'127.0.0.1:9001'}],'vnodes':1,'n':1,'r':1,'w':1}|nodes"
                    + " has the address \"127.0.0.1:9001\" twice; addresses of nodes and agents"
                    + " must be distinct.",
                "{'nodes':[N1,{'id':'n2','addr':'localhost:9001'}],'vnodes':1,'n':1,'r':1,'w':1}|nodes"
                    + " has the address \"localhost:9001\" twice (as 127.0.0.1:9001); addresses of"
                    + " nodes and agents must be distinct.",
                "{'nodes':[N1,{'id':'n2','addr':'h:1','agent':'[::1]:9001'}],'vnodes':1,'n':1,'r':1,'w':1}|nodes"
                    + " has the address \"[::1]:9001\" twice (as 127.0.0.1:9001); addresses of"
                    + " nodes and agents must be distinct.",
                "{'nodes':[{'id':'n1','addr':'g:1','agent':'a:1'},{'id':'n2','addr':'h:1','agent':'a:1'}],'vnodes':1,'n':1,'r':1,'w':1}|nodes"
                    + " has the address \"a:1\" twice; addresses of nodes and agents must be"
                    + " distinct.",
                "{'nodes':[N1,N2],'vnodes':1,'n':3,'r':1,'w':1}|n is 3; accepted is 1 to 2.",
                "{'nodes':[N1,N2],'vnodes':1,'n':2,'r':0,'w':1}|r is 0; accepted is 1 to 2.",
                "{'nodes':[N1,N2],'vnodes':1,'n':2,'r':1,'w':3}|w is 3; accepted is 1 to 2.",
                "{'nodes':[N1,N2],'vnodes':0,'n':2,'r':1,'w':1}|vnodes is 0; accepted is 1 to"
                        + " 1024.",
                "{'nodes':[],'vnodes':1,'n':1,'r':1,'w':1}|nodes is empty; at least one node is"
                        + " needed.",
                "{'nodes':[N1],'vnodes':1,'n':1,'r':1,'w':1,'replicas':3}|the field \"replicas\" is"
                        + " unknown; accepted are cluster, nodes, vnodes, n, r, w.",
                "{'nodes':[{'id':'n1','addr':'h:1','port':5}],'vnodes':1,'n':1,'r':1,'w':1}|the"
                    + " field \"nodes[0].port\" is unknown; accepted are id, addr, zone, agent.",
                "{'nodes':[{'id':'n1'}],'vnodes':1,'n':1,'r':1,'w':1}|nodes[0].addr is missing;"
                        + " accepted is host:port with a host of letters, digits, '.' and '-' and a"
                        + " port from 1 to 65535, such as 127.0.0.1:9001.",
                "{'nodes':[{'id':'n 1','addr':'h:1'}],'vnodes':1,'n':1,'r':1,'w':1}|nodes[0].id is"
                        + " \"n 1\"; accepted is 1 to 32 letters, digits, '-', '_' or '.'.",
                "{'nodes':[{'id':'n1','addr':'9001'}],'vnodes':1,'n':1,'r':1,'w':1}|nodes[0].addr"
                    + " is \"9001\"; accepted is host:port with a host of letters, digits, '.' and"
                    + " '-' and a port from 1 to 65535, such as 127.0.0.1:9001.",
                "{'nodes':[{'id':'n1','addr':'my_node:9001'}],'vnodes':1,'n':1,'r':1,'w':1}|nodes[0].addr"
                    + " is \"my_node:9001\"; accepted is host:port with a host of letters, digits,"
                    + " '.' and '-' and a port from 1 to 65535, such as 127.0.0.1:9001.",
                "{'nodes':[{'id':'n1','addr':'[::g]:9001'}],'vnodes':1,'n':1,'r':1,'w':1}|nodes[0].addr"
                    + " is \"[::g]:9001\"; accepted is host:port with a host of letters, digits,"
                    + " '.' and '-' and a port from 1 to 65535, such as 127.0.0.1:9001.",
                "{'nodes':[{'id':'n1','addr':':9001'}],'vnodes':1,'n':1,'r':1,'w':1}|nodes[0].addr"
                    + " is \":9001\"; accepted is an address that other nodes can reach, such as"
                    + " 127.0.0.1:9001.",
                "{'nodes':[{'id':1,'addr':'h:1'}],'vnodes':1,'n':1,'r':1,'w':1}|nodes[0].id is 1;"
                        + " accepted is text.",
                "{'nodes':{},'vnodes':1,'n':1,'r':1,'w':1}|nodes is {}; accepted is a list of"
                        + " objects with id and addr.",
                "{'nodes':[5],'vnodes':1,'n':1,'r':1,'w':1}|nodes[0] is 5; accepted is an object"
                        + " with id and addr.",
                "{'nodes':[N1],'vnodes':1,'n':'3','r':1,'w':1}|n is \"3\"; accepted is a whole"
                        + " number.",
                "{'nodes':[N1],'vnodes':1,'n':1.5,'r':1,'w':1}|n is 1.5; accepted is a whole"
                        + " number.",
                "{'nodes':[N1],'vnodes':1,'n':1,'w':1}|r is missing; accepted is a whole number.",
                "``|the file is empty; accepted is an object such as {\"nodes\": […], \"n\": 3,"
                        + " …}.",
                "[1]|the file is [1]; accepted is an object such as {\"nodes\": […], \"n\": 3, …}.",
            })
    void aMistakeGetsASentenceWithFieldValueAndWhatIsAccepted(String text, String sentence) {
        String json = text.replace("N1", N1).replace("N2", N2);
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(StartRefused.class)
                .hasMessage("nodes.json: " + sentence);
    }

    @Test
    void brokenJsonIsLocatedByLineAndColumn() {
        StartRefused refused =
                catchThrowableOfType(StartRefused.class, () -> parse("{\n  'n': 3,\n  'r' 2\n}"));
        assertThat(refused.exitStatus()).isEqualTo(2);
        assertThat(refused.sentence())
                .startsWith("nodes.json: the text is not JSON at line 3, column ")
                .doesNotContain("\n")
                .endsWith(".");
    }

    @Test
    void aTruncatedFileIsToldInPlainWords() {
        assertThatThrownBy(() -> parse("{'n': 3"))
                .hasMessageContaining("Unexpected end-of-input")
                .hasMessageEndingWith("expected close marker for Object.");
    }

    @Test
    void textThatIsNotUtf8IsSaidToBeSo(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("nodes.json"), new byte[] {'{', (byte) 0xff});
        assertThatThrownBy(() -> NodesFile.read(file, NONE))
                .hasMessage(
                        "config is \""
                                + file
                                + "\", which cannot be read as text: it is not UTF-8.");
    }

    @Test
    void aFieldGivenTwiceIsNotSilentlyTheSecond() {
        assertThatThrownBy(() -> parse("{'n':1,'n':2}")).hasMessageContaining("Duplicate");
    }

    @Test
    void aMissingFileIsNamed(@TempDir Path folder) {
        Path missing = folder.resolve("none.json");
        assertThatThrownBy(() -> NodesFile.read(missing, NONE))
                .hasMessage(
                        "config is \""
                                + missing
                                + "\", which does not exist; name the cluster's file by"
                                + " --config=FILE.");
        assertThatThrownBy(() -> NodesFile.read(folder, NONE))
                .hasMessageStartingWith(
                        "config is \"" + folder + "\", which cannot be read as text");
    }

    @Test
    void factsGivenElsewhereWinOverTheFile() {
        ClusterConfig cluster =
                NodesFile.parse(
                        "nodes.json",
                        ("{'nodes':[" + N1 + "," + N2 + "],'vnodes':64,'n':2,'r':1,'w':2}")
                                .replace('\'', '"'),
                        Options.of(Map.of("r", "2")));
        assertThat(cluster.r()).isEqualTo(2);
    }
}

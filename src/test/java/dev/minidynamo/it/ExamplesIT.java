package dev.minidynamo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs what the documentation shows against a real cluster. */
class ExamplesIT {

    private static final Pattern EXPECTED = Pattern.compile("### .*: (\\d{3})");
    private static final Pattern REQUEST = Pattern.compile("(GET|HEAD|PUT|DELETE) (\\S+)");
    private static final List<String> OUTPUT =
            List.of("put 204, ", "get 200, hello", "delete 204", "get 404");

    private static RealCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RealCluster.of(3).start();
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @Test
    void theClientInJavaRuns() throws Exception {
        shows(RealProcess.java(), "examples/Example.java");
    }

    @Test
    void theClientInPythonRuns() throws Exception {
        shows("python3", "examples/example.py");
    }

    @Test
    void theClientInJavaScriptRuns() throws Exception {
        shows("node", "examples/example.mjs");
    }

    @Test
    void theRequestsOfTheHttpFileGetTheStatusThatItNames() throws IOException {
        int requests = 0;
        for (String block : Files.readString(Path.of("docs/api.http")).split("(?m)^(?=### )")) {
            Matcher expected = EXPECTED.matcher(block);
            Matcher request = REQUEST.matcher(block);
            if (expected.find() && request.find()) {
                requests++;
                String url =
                        request.group(2)
                                .replace("{{node}}", cluster.url("n1"))
                                .replace("{{other}}", cluster.url("n2"));
                String body = block.contains("\n\n") ? block.split("\n\n", 2)[1].strip() : "";
                HttpResponse<String> answer =
                        cluster.send(request.group(1), url, body.isEmpty() ? null : body);
                assertThat(answer.statusCode())
                        .as(block)
                        .isEqualTo(Integer.parseInt(expected.group(1)));
            }
        }
        assertThat(requests).isGreaterThan(10);
    }

    @Test
    void theCurlCommandsOfTheCookbookSucceed() throws Exception {
        Matcher block =
                Pattern.compile("(?s)```sh cookbook\n(.*?)```")
                        .matcher(Files.readString(Path.of("docs/using.md")));
        int blocks = 0;
        while (block.find()) {
            blocks++;
            String script =
                    block.group(1)
                            .replace("http://localhost:9001", cluster.url("n1"))
                            .replace("http://localhost:9002", cluster.url("n2"));
            run(List.of("/bin/sh", "-ec", script.replace("curl ", "curl -sS --fail-with-body ")));
        }
        assertThat(blocks).isPositive();
    }

    private static void shows(String program, String file) throws Exception {
        assumeThat(new ProcessBuilder("/bin/sh", "-c", "command -v " + program).start().waitFor())
                .as(program + " is installed")
                .isZero();
        List<String> lines = run(List.of(program, file, cluster.url("n1"))).lines().toList();
        assertThat(lines).hasSize(OUTPUT.size());
        for (int i = 0; i < OUTPUT.size(); i++) {
            assertThat(lines.get(i)).startsWith(OUTPUT.get(i));
        }
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}

package dev.minidynamo.app.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code scenario NAME}: lets the dashboard run a scenario and shows its steps as they end. */
@Command(
        name = "scenario",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a scenario on the cluster of a dashboard. The exit status is 0 if it passed.",
            ""
        })
public final class ScenarioCommand implements Callable<Integer> {

    private static final long LOOK_AGAIN_MILLIS = 500;

    /** The scenarios of the dashboard, for help and completion; a newer one may have others. */
    public static final class Names extends ArrayList<String> {

        private static final long serialVersionUID = 1L;

        public Names() {
            super(
                    List.of(
                            "handoff",
                            "tombstone",
                            "cold-keys",
                            "durability",
                            "quorum-loss",
                            "gray-failure"));
        }
    }

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            completionCandidates = Names.class,
            description = "The scenario: ${COMPLETION-CANDIDATES}.")
    private String name = "";

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://localhost:8080",
            description = "The dashboard (${DEFAULT-VALUE}).")
    private String url = "";

    @Option(names = "--json", description = "Print the report in JSON.")
    private boolean json;

    @Mixin private final SecretToken secret = new SecretToken();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Output output = new Output(spec, json);
        ClientOptions options = new ClientOptions();
        options.urls.add(url);
        options.token = secret.value;
        Client client = new Client(options);
        Client.Call look = Client.Call.of("GET", "/control/scenarios/" + Client.encoded(name));
        Client.Answer started =
                client.send(Client.Call.of("POST", "/control/scenarios/" + Client.encoded(name)));
        if (!started.ok()) {
            return output.refused(started);
        }
        Progress progress = Progress.onTerminal();
        int shown = 0;
        while (true) {
            Client.Answer answer = client.send(look);
            progress.clear();
            JsonNode report = Output.parse(answer.text());
            if (!answer.ok() || report == null) {
                return output.refused(answer);
            }
            shown = show(output, report.path("steps"), shown);
            if (!report.path("state").asString("").equals("running")) {
                return end(output, report);
            }
            progress.text(running(report.path("steps"), shown));
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private static String running(JsonNode steps, int shown) {
        return "running (%d done): %s"
                .formatted(shown, steps.path(shown).path("title").asString("..."));
    }

    /** Prints the steps that have ended since, and returns how many are printed. */
    private int show(Output output, JsonNode steps, int shown) {
        int next = shown;
        while (!json
                && next < steps.size()
                && !steps.get(next).path("state").asString("").equals("RUNNING")) {
            JsonNode step = steps.get(next);
            output.line(
                    "%-7s %s"
                            .formatted(
                                    step.path("state").asString(""),
                                    step.path("title").asString("")));
            step.path("evidence").forEach(fact -> output.line("        " + fact.asString("")));
            next++;
        }
        return next;
    }

    private int end(Output output, JsonNode report) {
        String state = report.path("state").asString("");
        if (json) {
            output.json(report);
        } else {
            output.line(state + ": " + report.path("verdict").asString(""));
        }
        return state.equals("passed") ? Exit.OK : Exit.FAILED;
    }
}

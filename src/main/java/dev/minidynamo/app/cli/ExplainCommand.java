package dev.minidynamo.app.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import tools.jackson.databind.JsonNode;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code explain KEY}. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Reads a key and tells how: where it lives, what each replica answered, and what came"
                    + " of it.",
            ""
        })
public final class ExplainCommand implements Callable<Integer> {

    @Mixin private final KeyOptions client = new KeyOptions();
    @Mixin private final QuorumOptions quorum = new QuorumOptions();

    @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Output output = new Output(spec, client.json);
        Map<String, @Nullable String> parameters = new LinkedHashMap<>(quorum.parameters());
        parameters.put("explain", "true");
        Client.Answer answer =
                new Client(client).send(Client.Call.of("GET", Client.keyPath(key, parameters)));
        JsonNode told = Output.parse(answer.text());
        if (told == null || !told.has("replicas")) {
            return output.refused(answer);
        }
        if (client.json) {
            output.json(told);
        } else {
            Outline.of(told).forEach(output::line);
        }
        return answer.ok() ? Exit.OK : Exit.FAILED;
    }
}

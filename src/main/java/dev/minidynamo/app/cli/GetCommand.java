package dev.minidynamo.app.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code get KEY}. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        description = {"Writes a key's value to the standard output, byte for byte.", ""})
public final class GetCommand implements Callable<Integer> {

    private static final int NOT_FOUND = 404;

    @Mixin private final KeyOptions client = new KeyOptions();
    @Mixin private final QuorumOptions quorum = new QuorumOptions();

    @Option(names = "--r", paramLabel = "R", description = "Replicas that must answer.")
    private @Nullable String r;

    @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Output output = new Output(spec, client.json);
        Map<String, @Nullable String> parameters = new LinkedHashMap<>(quorum.parameters());
        parameters.put("r", r);
        Client.Answer answer =
                new Client(client).send(Client.Call.of("GET", Client.keyPath(key, parameters)));
        if (answer.status() == NOT_FOUND) {
            return notFound(output);
        }
        if (!answer.ok()) {
            return output.refused(answer);
        }
        if (client.json) {
            output.json(facts(answer));
        } else {
            System.out.write(answer.bytes());
            System.out.flush();
        }
        return Exit.OK;
    }

    private int notFound(Output output) {
        if (client.json) {
            output.json(Map.of("found", false));
        } else {
            output.error("the key \"" + key + "\" is not there.");
        }
        return Exit.FAILED;
    }

    private static Map<String, @Nullable Object> facts(Client.Answer answer) {
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("found", true);
        facts.put("url", answer.url());
        facts.put("version", answer.header("ETag"));
        facts.put("contentType", answer.header("Content-Type"));
        facts.put("consistency", answer.header("Dynamo-Consistency"));
        facts.put("replicas", answer.header("Dynamo-Replicas"));
        facts.put("valueBase64", Base64.getEncoder().encodeToString(answer.bytes()));
        return facts;
    }
}

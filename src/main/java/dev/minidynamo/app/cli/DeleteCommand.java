package dev.minidynamo.app.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code delete KEY}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = {"Deletes a key; it is no mistake if there is nothing.", ""})
public final class DeleteCommand implements Callable<Integer> {

    @Mixin private final KeyOptions client = new KeyOptions();
    @Mixin private final QuorumOptions quorum = new QuorumOptions();

    @Option(names = "--w", paramLabel = "W", description = "Replicas that must store the deletion.")
    private @Nullable String w;

    @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>(quorum.parameters());
        parameters.put("w", w);
        Client.Answer answer =
                new Client(client).send(Client.Call.of("DELETE", Client.keyPath(key, parameters)));
        return Written.tell(new Output(spec, client.json), answer, "deleted");
    }
}

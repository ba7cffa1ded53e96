package dev.minidynamo.app.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code put KEY [VALUE|-]}. */
@Command(
        name = "put",
        mixinStandardHelpOptions = true,
        description = {
            "Stores a value. Without VALUE, or with \"-\", it is read from the standard input.",
            ""
        })
public final class PutCommand implements Callable<Integer> {

    @Mixin private final KeyOptions client = new KeyOptions();
    @Mixin private final QuorumOptions quorum = new QuorumOptions();

    @Option(names = "--w", paramLabel = "W", description = "Replicas that must store it.")
    private @Nullable String w;

    @Option(
            names = "--ttl",
            paramLabel = "SECONDS",
            description = "Seconds after which it is gone.")
    private @Nullable String ttl;

    @Option(names = "--content-type", paramLabel = "TYPE", description = "What the value is.")
    private @Nullable String contentType;

    @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "The value.")
    private @Nullable String value;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Output output = new Output(spec, client.json);
        Map<String, @Nullable String> parameters = new LinkedHashMap<>(quorum.parameters());
        parameters.put("w", w);
        parameters.put("ttl", ttl);
        Client.Answer answer =
                new Client(client)
                        .send(
                                new Client.Call(
                                        "PUT",
                                        Client.keyPath(key, parameters),
                                        body(),
                                        contentType == null
                                                ? "application/octet-stream"
                                                : contentType));
        return Written.tell(output, answer, "stored");
    }

    private byte[] body() throws IOException {
        return value == null || value.equals("-")
                ? System.in.readAllBytes()
                : value.getBytes(StandardCharsets.UTF_8);
    }
}

package dev.minidynamo.app.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What a client command prints. */
final class Output {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** The statuses of a request that is wrong whenever it is sent. */
    private static final Set<Integer> WRONG = Set.of(400, 413, 414);

    private final CommandSpec spec;
    private final boolean json;

    Output(@Nullable CommandSpec spec, boolean json) {
        this.spec = Objects.requireNonNull(spec);
        this.json = json;
    }

    boolean json() {
        return json;
    }

    void line(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }

    void error(String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("mini-dynamo: " + text);
        err.flush();
    }

    void json(Object value) {
        line(JSON.writeValueAsString(value));
    }

    /** The text as JSON, or null if it is not. */
    static @Nullable JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            return null;
        }
    }

    /**
     * Tells that a node refused, with its own words where it gave some.
     *
     * @return the exit status
     */
    int refused(Client.Answer answer) {
        JsonNode problem = parse(answer.text());
        if (json) {
            Map<String, Object> failure = new LinkedHashMap<>();
            failure.put("url", answer.url());
            failure.put("status", answer.status());
            failure.put("problem", problem == null ? answer.text() : problem);
            json(failure);
        } else {
            String detail = problem == null ? answer.text() : words(problem);
            error(answer.url() + " answered " + answer.status() + ": " + detail);
        }
        return WRONG.contains(answer.status()) ? Exit.USAGE : Exit.FAILED;
    }

    private static String words(JsonNode problem) {
        String detail = problem.path("detail").asString("");
        return detail.isEmpty() ? problem.path("title").asString(problem.toString()) : detail;
    }
}

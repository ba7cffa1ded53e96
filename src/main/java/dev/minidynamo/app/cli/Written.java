package dev.minidynamo.app.cli;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/** Tells how a write ended. */
final class Written {

    private Written() {}

    /**
     * Tells how a write ended.
     *
     * @param verb what was done: "stored", "deleted"
     * @return the exit status
     */
    static int tell(Output output, Client.Answer answer, String verb) {
        if (!answer.ok()) {
            return output.refused(answer);
        }
        String replicas = answer.header("Dynamo-Replicas");
        if (output.json()) {
            Map<String, @Nullable Object> facts = new LinkedHashMap<>();
            facts.put("outcome", verb);
            facts.put("url", answer.url());
            facts.put("version", answer.header("ETag"));
            facts.put("consistency", answer.header("Dynamo-Consistency"));
            facts.put("replicas", replicas);
            output.json(facts);
        } else {
            output.line(replicas == null ? verb : verb + "  " + replicas);
        }
        return Exit.OK;
    }
}

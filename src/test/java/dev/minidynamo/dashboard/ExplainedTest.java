package dev.minidynamo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is told of a request's way, step by step. */
class ExplainedTest {

    private static final ClusterConfig CONFIG =
            new ClusterConfig(
                    "demo",
                    Stream.of("n1", "n2", "n3")
                            .map(id ->
                                    new ClusterConfig.Member(new NodeId(id), id + ":1", "", null))
                            .toList(),
                    64,
                    3,
                    2,
                    2);

    private static List<TraceStep> trace(Map<String, Object> told) {
        Explained explained = new Explained(JsonMapper.shared().valueToTree(told), CONFIG);
        return explained.trace(KvForm.of(Map.of("operation", "put", "key", "k"), CONFIG));
    }

    private static List<String> steps(Map<String, Object> told) {
        return trace(told).stream()
                .map(step -> step.kind() + " " + step.from() + ">" + step.to())
                .toList();
    }

    private static Map<String, Object> replica(String node, String answer, long elapsedMicros) {
        return Map.of("node", node, "answer", answer, "elapsedMicros", elapsedMicros);
    }

    @Test
    void nothingTravelsToOrFromNodesThatWereNotAsked() {
        List<Map<String, Object>> replicas =
                List.of(
                        replica("n1", "unasked", 0),
                        replica("n2", "down", 0),
                        replica("n3", "unasked", 0));

        assertThat(steps(Map.of("token", "9f", "outcome", "rejected", "replicas", replicas)))
                .containsExactly(
                        "client >n1",
                        "place n1>n1",
                        "skip n1>n1",
                        "skip n1>n2",
                        "skip n1>n3",
                        "done n1>");
    }

    @Test
    void aNodeForWhichAHintIsStoredAnswersNothing() {
        List<Map<String, Object>> replicas =
                List.of(
                        replica("n1", "ack", 900),
                        replica("n2", "hinted", 0),
                        replica("n3", "hinted", 700));

        assertThat(steps(Map.of("token", "9f", "outcome", "written", "replicas", replicas)))
                .containsExactly(
                        "client >n1",
                        "place n1>n1",
                        "ask n1>n1",
                        "ask n1>n3",
                        "hint n3>n3",
                        "answer n1>n1",
                        "hint n2>n2",
                        "done n1>");
    }

    @Test
    void anAnswerThatDoesNotSayWhereTheKeyLivesNamesNoPlace() {
        assertThat(steps(Map.of("status", 413, "detail", "the value is too large")))
                .containsExactly("client >n1", "done n1>");
    }
}

package dev.minidynamo.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.app.bench.KeyValueStub;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;

/** The commands that talk to a node that runs already. */
class ClientCommandsTest extends CommandLineFixture {

    @Test
    void aValueGoesThereAndBackAndAMissingKeyIsExitStatusOne() throws IOException {
        try (KeyValueStub stub = new KeyValueStub(n -> 0)) {
            String url = "--url=" + stub.uri();
            assertThat(run("put", url, "a/b c", "v")).isZero();
            assertThat(stub.values()).containsKey("/kv?key=a%2Fb%20c");
            assertThat(run("get", url, "--json", "a/b c")).isZero();
            assertThat(out.toString()).contains("\"valueBase64\" : \"dg==\"");
            assertThat(run("delete", url, "a/b c")).isZero();
            assertThat(run("get", url, "a/b c")).isEqualTo(1);
            assertOneSentence("the key \"a/b c\" is not there.");
        }
    }

    @Test
    void aNodeThatCannotBeReachedIsPassedOverForTheNext() throws IOException {
        try (KeyValueStub stub = new KeyValueStub(n -> 0)) {
            assertThat(run("put", "--url=http://127.0.0.1:1," + stub.uri(), "k", "v")).isZero();
        }
        assertThat(run("get", "--url=http://127.0.0.1:1", "k")).isEqualTo(3);
        assertThat(err.toString()).contains("no node answered: http://127.0.0.1:1");
    }

    @Test
    void aScenarioWithoutADashboardSaysSo() {
        assertThat(run("scenario", "--url=http://127.0.0.1:1", "handoff")).isEqualTo(3);
        assertThat(err.toString()).contains("the dashboard did not answer: http://127.0.0.1:1");
    }

    @Test
    void aRefusalIsExitStatusOneWithItsReason() throws IOException {
        try (KeyValueStub stub = new KeyValueStub(n -> 503)) {
            assertThat(run("put", "--url=" + stub.uri(), "k", "v")).isEqualTo(1);
            assertThat(err.toString()).contains("answered 503");
            assertThat(run("put", "--json", "--url=" + stub.uri(), "k", "v")).isEqualTo(1);
            assertThat(out.toString()).contains("\"status\" : 503");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 414})
    void aWrongRequestIsExitStatusTwo(int status) throws IOException {
        try (KeyValueStub stub = new KeyValueStub(n -> status)) {
            assertThat(run("put", "--url=" + stub.uri(), "--w=abc", "k", "v")).isEqualTo(2);
            assertThat(run("get", "--url=" + stub.uri(), "--r=0", "k")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 503, 507})
    void anExplanationIsShownWhateverCameOfTheRead(int status) throws IOException {
        try (KeyValueStub stub = new KeyValueStub(n -> status)) {
            stub.answerWith("{\"outcome\":\"not found\",\"replicas\":[{\"node\":\"n1\"}]}");
            assertThat(run("explain", "--url=" + stub.uri(), "k")).isEqualTo(1);
        }
        assertThat(out.toString()).contains("outcome: not found", "node=n1").doesNotContain("{");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aStatusThatNeedsTheSecretSaysSo() throws IOException {
        try (KeyValueStub stub = new KeyValueStub(n -> 401)) {
            assertThat(run("status", "--url=" + stub.uri())).isNotZero();
        }
        assertOneSentence(
                "a node answered 401: its figures need the secret; set DYNAMO_SECRET, or give"
                        + " --token.");
    }

    @Test
    void aMeasurementEndsWhenTheKeysWillNeverBeStored() throws IOException {
        try (KeyValueStub stub = new KeyValueStub(n -> 413)) {
            assertThat(run("bench", "--url=" + stub.uri(), "--keys=50", "--connections=2"))
                    .isEqualTo(1);
            assertOneSentence(
                    "the keys cannot be stored: status 413 from "
                            + stub.uri().getAuthority()
                            + ".");
        }
    }

    @Test
    void aMeasurementPrintsItsRatesAndRatios() throws IOException {
        try (KeyValueStub ours = new KeyValueStub(n -> 0);
                KeyValueStub peer = new KeyValueStub(n -> 0)) {
            assertThat(
                            run(
                                    "bench",
                                    "--url=" + ours.uri(),
                                    "--peer=" + peer.uri(),
                                    "--runs=1",
                                    "--keys=50",
                                    "--connections=2",
                                    "--warm-up=0",
                                    "--duration=200ms"))
                    .isZero();
        }
        assertThat(out.toString()).contains("ours / peer: throughput ").contains("0 errors");
    }
}

package dev.minidynamo.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minidynamo.app.StartRefused;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

class LoadRunTest {

    private static final int KEYS = 200;

    private static BenchOptions options(Workload workload, double rate, List<URI> targets) {
        return new BenchOptions(
                targets,
                workload,
                KEYS,
                50,
                4,
                2,
                Duration.ZERO,
                Duration.ofMillis(400),
                Duration.ofSeconds(5),
                rate,
                true,
                null);
    }

    private static BenchResult run(BenchOptions options) throws IOException, InterruptedException {
        return new LoadRun(options, line -> {}).run();
    }

    @Test
    void everyKeyIsStoredBeforeItIsReadAndNothingFails() throws Exception {
        try (KeyValueStub one = new KeyValueStub(n -> 0)) {
            BenchResult result = run(options(Workload.C, 0, List.of(one.uri())));

            assertThat(one.values()).hasSize(KEYS);
            assertThat(one.values().values()).allMatch(value -> value.length == 50);
            assertThat(result.errors()).isEmpty();
            assertThat(result.missing()).isZero();
            assertThat(result.operations()).isPositive().isEqualTo(result.reads().count());
        }
    }

    @Test
    void aHostThatNobodyKnowsEndsTheRun() throws Exception {
        try (KeyValueStub one = new KeyValueStub(n -> 0)) {
            List<URI> targets = List.of(one.uri(), URI.create("http://nowhere.invalid:9001"));

            assertThatThrownBy(() -> run(options(Workload.W, 0, targets)))
                    .isInstanceOf(StartRefused.class)
                    .hasMessage("the host of http://nowhere.invalid:9001 is unknown.");
        }
    }

    @Test
    void allTargetsAreAskedInTurn() throws Exception {
        try (KeyValueStub one = new KeyValueStub(n -> 0);
                KeyValueStub two = new KeyValueStub(n -> 0)) {
            BenchResult result = run(options(Workload.W, 0, List.of(one.uri(), two.uri())));

            assertThat(result.errors()).isEmpty();
            assertThat(one.requests()).isCloseTo(two.requests(), Percentage.withPercentage(20));
        }
    }

    @Test
    void eachRefusedRequestIsAnErrorAndNoOperation() throws Exception {
        try (KeyValueStub failing = new KeyValueStub(n -> n > KEYS && n % 10 == 0 ? 503 : 0)) {
            BenchResult result = run(options(Workload.W, 0, List.of(failing.uri())));

            assertThat(result.errors()).hasSize(1);
            assertThat(result.errors().keySet().iterator().next())
                    .startsWith("status 503 from 127.0.0.1:");
            assertThat(result.operations()).isEqualTo(result.writes().count()).isPositive();
        }
    }

    @Test
    void aTargetThatIsNotThereIsAnErrorForEachOfItsRequests() throws Exception {
        try (KeyValueStub one = new KeyValueStub(n -> 0)) {
            BenchOptions options =
                    options(Workload.W, 0, List.of(one.uri(), URI.create("http://127.0.0.1:1")));
            BenchResult result = run(options.withoutLoad());

            assertThat(result.errorCount()).isPositive();
            assertThat(result.errors().keySet()).allMatch(reason -> reason.endsWith("127.0.0.1:1"));
            assertThat(result.operations()).isPositive();
        }
    }

    @Test
    void anOpenLoopKeepsItsRate() throws Exception {
        try (KeyValueStub one = new KeyValueStub(n -> 0)) {
            BenchResult result = run(options(Workload.A, 100, List.of(one.uri())));

            assertThat(result.operations()).isBetween(20L, 45L);
            assertThat(result.corrected()).isTrue();
        }
    }

    @Test
    void readModifyWriteCountsAsOneWrite() throws Exception {
        try (KeyValueStub one = new KeyValueStub(n -> 0)) {
            BenchResult result = run(options(Workload.F, 0, List.of(one.uri())));

            assertThat(result.errors()).isEmpty();
            assertThat((long) one.requests())
                    .isGreaterThanOrEqualTo(
                            KEYS + result.reads().count() + 2 * result.writes().count());
        }
    }
}

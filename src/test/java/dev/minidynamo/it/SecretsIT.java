package dev.minidynamo.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What a real dashboard and its agent tell of the secrets that they were given: nothing. */
class SecretsIT {

    private static final String SECRET = "a-secret-that-must-not-be-seen";
    private static final String TOKEN = "an-api-token-that-must-not-be-seen";
    private static final List<String> PARTS =
            List.of(
                    "/",
                    "/parts/ring",
                    "/parts/figures",
                    "/events/state",
                    "/keys",
                    "/lookup?key=k");

    @Test
    void noSecretIsInThePageNorInTheLogOfTheAgent() {
        try (RealCluster cluster =
                RealCluster.of(1)
                        .quorum(1, 1, 1)
                        .environment("DYNAMO_SECRET", SECRET)
                        .environment("DYNAMO_API_TOKEN", TOKEN)
                        .startWithDashboard()) {
            for (String part : PARTS) {
                var answer = cluster.send("GET", cluster.dashboardUrl() + part, null);
                assertThat(answer.statusCode()).as(part).isEqualTo(200);
                assertThat(answer.body())
                        .as(part)
                        .isNotEmpty()
                        .doesNotContain(SECRET)
                        .doesNotContain(TOKEN);
                assertThat(answer.headers().map().toString())
                        .as(part)
                        .doesNotContain(SECRET)
                        .doesNotContain(TOKEN);
            }
            assertThat(cluster.log("agent"))
                    .isNotEmpty()
                    .doesNotContain(SECRET)
                    .doesNotContain(TOKEN);
        }
    }
}

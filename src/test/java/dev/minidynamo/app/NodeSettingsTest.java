package dev.minidynamo.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class NodeSettingsTest {

    private static final ClusterConfig CLUSTER =
            new ClusterConfig(
                    "c",
                    List.of(
                            new ClusterConfig.Member(new NodeId("n1"), "127.0.0.1:9001", "", null),
                            new ClusterConfig.Member(new NodeId("n2"), "127.0.0.1:9002", "", null)),
                    8,
                    2,
                    1,
                    1);

    private static NodeSettings read(Map<String, String> values) {
        Map<String, String> all = new HashMap<>(Map.of("id", "n2"));
        all.putAll(values);
        return NodeSettings.read(Options.of(all), CLUSTER);
    }

    @Test
    void theDefaultsAreTheSafeOnes() {
        NodeSettings settings = read(Map.of());
        assertThat(settings.listen()).isEqualTo(new HostPort("127.0.0.1", 9002));
        assertThat(settings.storage().dataDir()).isEqualTo(Path.of("data/n2"));
        assertThat(settings.storage().syncInterval()).isNull();
        assertThat(settings.repair().antiEntropy()).isTrue();
        assertThat(settings.repair().hints()).isTrue();
        assertThat(settings.sloppy()).isTrue();
        assertThat(settings.faultInjection()).isFalse();
    }

    @Test
    void everyOptionIsTaken() {
        NodeSettings settings =
                read(
                        Map.of(
                                "listen", "localhost:1234",
                                "data-dir", "/d",
                                "snap-interval", "1m30s",
                                "ae", "false",
                                "ae-interval", "PT2S",
                                "ae-max", "17",
                                "sync", "interval(100ms)",
                                "mode", "strict",
                                "hints", "false",
                                "fault-injection", "true"));
        assertThat(settings.listen()).isEqualTo(new HostPort("localhost", 1234));
        assertThat(settings.storage().snapInterval()).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.storage().syncInterval()).isEqualTo(Duration.ofMillis(100));
        assertThat(settings.repair())
                .isEqualTo(new NodeSettings.Repair(false, Duration.ofSeconds(2), 17, false));
        assertThat(settings.sloppy()).isFalse();
        assertThat(settings.faultInjection()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id|n9|id is \"n9\"; accepted is one of [n1, n2] of nodes.json.",
                "listen|nowhere|listen is \"nowhere\"; accepted is host:port with a host of"
                        + " letters, digits, '.' and '-' and a port from 1 to 65535, such as"
                        + " 127.0.0.1:9001.",
                "listen|h:70000|listen is \"h:70000\"; accepted is host:port with a host of"
                        + " letters, digits, '.' and '-' and a port from 1 to 65535, such as"
                        + " 127.0.0.1:9001.",
                "snap-interval|soon|snap-interval is \"soon\"; accepted is a duration such as"
                        + " 1500ms, 1m30s or PT1M30S.",
                "ae|maybe|ae is \"maybe\"; accepted is true or false.",
                "ae-interval|0|ae-interval is \"0\"; accepted is a duration of at least 10ms.",
                "ae-max|0|ae-max is \"0\"; accepted is a whole number from 1 to 2147483647.",
                "ae-max|many|ae-max is \"many\"; accepted is a whole number from 1 to 2147483647.",
                "sync|never|sync is \"never\"; accepted is always, interval(100ms) or os.",
                "sync|interval(0)|sync is \"interval(0)\"; accepted is always, interval(100ms) or"
                        + " os.",
                "sync|interval(500us)|sync is \"interval(500us)\"; accepted is always,"
                        + " interval(100ms) or os.",
                "mode|loose|mode is \"loose\"; accepted is sloppy or strict.",
                "max-value-bytes|7340033|max-value-bytes is \"7340033\"; accepted is a whole number"
                        + " from 1 to 7340032.",
                "hints|1|hints is \"1\"; accepted is true or false.",
            })
    void aWrongValueIsToldWithItsNameAndWhatIsAccepted(String name, String value, String sentence) {
        assertThatThrownBy(() -> read(Map.of(name, value)))
                .isInstanceOfSatisfying(
                        StartRefused.class,
                        refused -> assertThat(refused.exitStatus()).isEqualTo(2))
                .hasMessage(sentence);
    }

    @Test
    void theNetworkIsOpenedOnlyWithASecretOrOnPurpose() {
        Map<String, String> open = Map.of("listen", "0.0.0.0:9002");
        assertThatThrownBy(() -> read(open))
                .hasMessage(
                        "listen is \"0.0.0.0:9002\", which others can reach; set DYNAMO_SECRET,"
                                + " listen on 127.0.0.1, or give --insecure.");
        assertThat(read(Map.of("listen", ":9002", "secret", "hush")).listen().host())
                .isEqualTo("0.0.0.0");
        assertThat(read(Map.of("listen", ":9002", "insecure", "true")).access().insecure())
                .isTrue();
    }

    @Test
    void theSecretIsNotInTheTextOfTheSettings() {
        assertThat(read(Map.of("secret", "hush", "api-token", "psst")).toString())
                .doesNotContain("hush", "psst");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "api-token"})
    void aTokenIsWhatAHeaderCanCarry(String name) {
        assertThatThrownBy(() -> read(Map.of(name, "gehört")))
                .hasMessage(
                        name
                                + " has a character that a header cannot carry; accepted are the"
                                + " printable ones of ASCII.");
        assertThat(read(Map.of(name, "correct horse; battery")).access()).isNotNull();
    }
}

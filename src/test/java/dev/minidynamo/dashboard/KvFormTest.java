package dev.minidynamo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What a person types into the console, and how it becomes keys, values and a command. */
class KvFormTest {

    private static final ClusterConfig CONFIG =
            new ClusterConfig(
                    "demo",
                    List.of(new ClusterConfig.Member(new NodeId("n1"), "127.0.0.1:9001", "", null)),
                    64,
                    1,
                    1,
                    1);

    private static KvForm put(String value, String format) {
        return KvForm.of(
                Map.of("operation", "put", "key", "k", "value", value, "format", format), CONFIG);
    }

    @Test
    void curlStoresWhatTheConsoleStores() {
        assertThat(put("@it's", "text").curl(CONFIG, "http", false))
                .isEqualTo(
                        "curl -X PUT -H 'Content-Type: text/plain; charset=utf-8' --data-raw"
                                + " '@it'\\''s' 'http://127.0.0.1:9001/kv?key=k&w=1&mode=sloppy'");
        assertThat(put("00 ff", "hex").curl(CONFIG, "http", false))
                .contains("-H 'Content-Type: application/octet-stream' --data-binary @<(");
    }

    @Test
    void curlNamesTheTokenAndDoesNotHoldIt() {
        KvForm read = KvForm.of(Map.of("operation", "get", "key", "k"), CONFIG);

        assertThat(read.curl(CONFIG, "https", true))
                .isEqualTo(
                        "curl -H \"Authorization: Bearer $DYNAMO_API_TOKEN\""
                                + " 'https://127.0.0.1:9001/kv?key=k&r=1&mode=sloppy'");
    }

    @Test
    void aFormOfABrowserWithoutJavaScriptEndsItsLinesAsTheOthers() {
        assertThat(put("one\r\ntwo\r\n", "text").value()).isEqualTo("one\ntwo\n");
    }

    @ParameterizedTest
    @CsvSource({
        "cat,            cat",
        "'\\x00\\xff', %00%FF",
        "é,              %C3%A9",
        "a b,            a%20b"
    })
    void aKeyThatALinkCarriesKeepsItsBytes(String shown, String encoded) {
        assertThat(TypedKey.of(shown, encoded).encoded()).isEqualTo(encoded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%00%FF", "dog", "%4", "k&w=9", "%"})
    void aKeyThatIsTypedCountsWhateverWasCarriedBefore(String carried) {
        TypedKey key = TypedKey.of("a&b", carried);

        assertThat(key.encoded()).isEqualTo("a%26b");
        assertThat(key.length()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"price\":1.10}",
                "12345678901234567890123.5",
                "{\"a\":1,\"a\":2}",
                "",
                "1e2",
                "\"\\u00e9\"",
                "{\"half\":"
            })
    void jsonThatWouldReadOtherwiseIsShownAsItIsStored(String stored) {
        byte[] bytes = stored.getBytes(StandardCharsets.UTF_8);

        assertThat(ValueFormat.JSON.show(bytes)).isEqualTo(stored);
    }

    @Test
    void otherJsonIsShownWithLineBreaks() {
        byte[] bytes = "{\"a\":[1, 2.5],\"b c\":\"\\\"d e\\\"\"}".getBytes(StandardCharsets.UTF_8);

        assertThat(ValueFormat.JSON.show(bytes)).contains("\n").contains("\"b c\"", "2.5");
    }

    @Test
    void noTextIsNoJson() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ValueFormat.JSON.parse(" "))
                .withMessage("The value is no JSON: it is empty.");
    }
}

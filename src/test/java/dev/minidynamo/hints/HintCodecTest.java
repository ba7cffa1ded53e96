package dev.minidynamo.hints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Request.KeyVersion;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

@DisplayName("The records of a hint log")
class HintCodecTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final Version VERSION = new Version(0x0102030405060708L, new NodeId("n1"), 9);
    private static final Key CAT = Key.utf8("cat");

    private final HintCodec codec = new HintCodec();

    private void hasForm(HintRecord hintRecord, String golden) throws IOException {
        String hex = golden.replace(" ", "");
        assertThat(HEX.formatHex(codec.encode(hintRecord))).isEqualTo(hex);
        assertThat(codec.decode(HEX.parseHex(hex))).isEqualTo(hintRecord);
    }

    @Test
    void theFormOfAHintNeverChanges() throws IOException {
        hasForm(
                new HintRecord.Stored(5, CAT, new Cell.Live(VERSION, new byte[] {1, 2}, "a/b", 6)),
                "01 0000000000000005 0003636174 01 0102030405060708 00000009 026e31"
                        + " 0000000000000006 0003612f62 00000002 0102");
        hasForm(
                new HintRecord.Stored(5, CAT, new Cell.Tombstone(VERSION)),
                "01 0000000000000005 0003636174 02 0102030405060708 00000009 026e31");
    }

    @Test
    void theFormOfADeliveryNeverChanges() throws IOException {
        hasForm(
                new HintRecord.Delivered(List.of(new KeyVersion(CAT, VERSION))),
                "02 00000001 0003636174 0102030405060708 00000009 026e31");
    }

    @Test
    void theLongestOfEverythingSurvivesItsEncoding() throws IOException {
        NodeId writer = new NodeId("a-node_with.32-characters-in-it_");
        Version version = new Version(Long.MAX_VALUE, writer, -1);
        Cell cell = new Cell.Live(version, new byte[1 << 20], "t".repeat(60_000), Long.MAX_VALUE);
        HintRecord hintRecord = new HintRecord.Stored(7, Key.of(new byte[1024]), cell);
        assertThat(codec.decode(codec.encode(hintRecord))).isEqualTo(hintRecord);
    }

    @Test
    void whatIsNoRecordIsRefusedAndNeverMoreThanThat() throws IOException {
        byte[] whole =
                codec.encode(
                        new HintRecord.Stored(
                                5, CAT, new Cell.Live(VERSION, new byte[] {1, 2}, "a/b", 6)));
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(IOException.class);
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        assertThatThrownBy(() -> codec.decode(longer)).isInstanceOf(IOException.class);
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertThat(codec.decode(flipped)).isNotNull();
            } catch (IOException refused) {
                assertThat(refused).hasMessageContaining("hint");
            }
        }
    }
}

package dev.minidynamo.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the history of {@link ChaosIT} lets pass, and what it does not. */
class ChaosHistoryTest {

    private static final String FIRST = "1000-n1-a";
    private static final String SECOND = "2000-n1-a";
    private static final String THIRD = "3000-n1-a";

    private final ChaosHistory history = new ChaosHistory();

    private void read(String key, String value, String version) {
        history.read(history.floor(key, true), value, version);
    }

    private ChaosHistory.Write written(String key) {
        ChaosHistory.Write put = history.put(key, 0, true);
        history.written(put, FIRST);
        return put;
    }

    @Test
    void whatWasWrittenOrDeletedMayBeRead() {
        read("a", null, null);
        ChaosHistory.Write put = written("a");
        read("a", put.value(), FIRST);
        history.written(history.delete("a", 0, true), SECOND);
        read("a", null, SECOND);
        assertThat(history.violations()).isEmpty();
    }

    @Test
    void nothingWhereSomethingWasAcknowledgedIsAViolationWhateverIsUnknown() {
        written("a");
        history.delete("a", 0, true);
        history.unknown();
        read("a", null, null);
        assertThat(history.violations()).singleElement().asString().contains("I6: a");
    }

    @Test
    void anUnknownDeleteExplainsATombstoneOfItsKeyByItsCoordinatorAlone() {
        history.delete("a", 0, false);
        read("a", null, SECOND);
        assertThat(history.violations()).isEmpty();
        read("b", null, SECOND);
        read("a", null, "2000-n2-b");
        read("a", null, THIRD);
        assertThat(history.violations())
                .allMatch(violation -> violation.startsWith("I2"))
                .anyMatch(violation -> violation.contains("deleted b"))
                .anyMatch(violation -> violation.contains("n2"))
                .hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void aRejectedDeleteExplainsNothing() {
        history.rejected(history.delete("a", 0, true));
        read("a", null, SECOND);
        assertThat(history.violations()).singleElement().asString().contains("I2");
    }

    @Test
    void aTombstoneBelowWhatWasAcknowledgedIsAViolation() {
        history.delete("a", 0, false);
        history.written(history.put("a", 0, true), SECOND);
        read("a", null, FIRST);
        assertThat(history.violations()).singleElement().asString().contains("below");
    }
}

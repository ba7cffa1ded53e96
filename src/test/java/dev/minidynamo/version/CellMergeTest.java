package dev.minidynamo.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Promise P6: conflicts resolve to the same cell on every node. */
class CellMergeTest {

    private static final List<Cell> CELLS = generated(60);

    /** Cells over few versions, bytes and types, so that ties of every kind occur. */
    private static List<Cell> generated(int count) {
        SplittableRandom random = new SplittableRandom(42);
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Version version =
                    new Version(
                            random.nextInt(3),
                            new NodeId("n" + random.nextInt(2)),
                            random.nextInt(2) - 1);
            byte[] value = new byte[random.nextInt(3)];
            random.nextBytes(value);
            cells.add(
                    random.nextInt(4) == 0
                            ? new Cell.Tombstone(version)
                            : new Cell.Live(
                                    version,
                                    value,
                                    random.nextBoolean() ? "text/plain" : "a/b",
                                    random.nextInt(2)));
        }
        return cells;
    }

    @Test
    void mergingIsCommutative() {
        for (Cell a : CELLS) {
            for (Cell b : CELLS) {
                assertThat(CellMerge.merge(a, b)).isEqualTo(CellMerge.merge(b, a));
            }
        }
    }

    @Test
    void mergingIsAssociative() {
        for (Cell a : CELLS) {
            for (Cell b : CELLS) {
                for (Cell c : CELLS) {
                    assertThat(CellMerge.merge(a, CellMerge.merge(b, c)))
                            .isEqualTo(CellMerge.merge(CellMerge.merge(a, b), c));
                }
            }
        }
    }

    @Test
    void mergingIsIdempotent() {
        for (Cell a : CELLS) {
            assertThat(CellMerge.merge(a, a)).isEqualTo(a);
        }
    }

    @Test
    void differentCellsNeverTie() {
        for (Cell a : CELLS) {
            for (Cell b : CELLS) {
                assertThat(CellMerge.ORDER.compare(a, b) == 0).isEqualTo(a.equals(b));
            }
        }
    }

    @Test
    void theHigherVersionWinsThenTheTombstoneThenTheLargerBytes() {
        NodeId n1 = new NodeId("n1");
        Version early = new Version(1, n1, 0);
        Version late = new Version(2, n1, 0);
        Cell small = new Cell.Live(early, new byte[] {1}, "a/b", Cell.NEVER);
        Cell large = new Cell.Live(early, new byte[] {(byte) 0x80}, "a/b", Cell.NEVER);
        Cell deleted = new Cell.Tombstone(early);
        Cell newer = new Cell.Live(late, new byte[0], "a/b", Cell.NEVER);
        assertThat(CellMerge.merge(small, large)).isEqualTo(large);
        assertThat(CellMerge.merge(large, deleted)).isEqualTo(deleted);
        assertThat(CellMerge.merge(deleted, newer)).isEqualTo(newer);
        assertThat(CellMerge.merge(newer, new Cell.Tombstone(new Version(2, n1, -1))))
                .isInstanceOf(Cell.Tombstone.class);
    }
}

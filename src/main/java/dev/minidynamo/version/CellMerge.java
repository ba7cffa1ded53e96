package dev.minidynamo.version;

import dev.minidynamo.model.Cell;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The merge law of two cells of a key: the higher version wins; at equal versions a tombstone, then
 * the larger bytes, then the larger content type, then the later expiry.
 *
 * <p>It is a total order, so merging is commutative, associative and idempotent, and every node
 * comes to the same cell whatever the order of arrival.
 */
public final class CellMerge {

    /** The merge law as an order: the greater cell wins. */
    public static final Comparator<Cell> ORDER =
            Comparator.comparing(Cell::version).thenComparing(CellMerge::compareContents);

    private CellMerge() {}

    /** The winner of two cells. */
    public static Cell merge(Cell a, Cell b) {
        return ORDER.compare(a, b) >= 0 ? a : b;
    }

    private static int compareContents(Cell a, Cell b) {
        if (a instanceof Cell.Live x && b instanceof Cell.Live y) {
            int order = Arrays.compareUnsigned(x.value(), y.value());
            if (order == 0) {
                order = x.contentType().compareTo(y.contentType());
            }
            return order == 0 ? Long.compare(x.expiresAtMillis(), y.expiresAtMillis()) : order;
        }
        return Boolean.compare(a instanceof Cell.Tombstone, b instanceof Cell.Tombstone);
    }
}

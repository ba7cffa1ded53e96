package dev.minidynamo.protocol;

/**
 * How far the data of a node reach, so that its peers can tell it when it comes back with less.
 *
 * @param incarnation of its data directory
 * @param records that its log ever got and that are forced to disk
 */
public record DataMark(int incarnation, long records) {

    /** Nothing is told, or known. */
    public static final DataMark NONE = new DataMark(0, 0);

    /** Whether data up to this mark have everything that data up to the other one have. */
    public boolean covers(DataMark other) {
        return other.equals(NONE) || (incarnation == other.incarnation && records >= other.records);
    }
}

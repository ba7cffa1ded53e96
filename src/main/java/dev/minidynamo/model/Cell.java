package dev.minidynamo.model;

import java.util.Arrays;

/** What a replica holds for a key: a value, or the mark that it was deleted. */
public sealed interface Cell permits Cell.Live, Cell.Tombstone {

    /** The content type of a value that was stored without one. */
    String DEFAULT_CONTENT_TYPE = "application/octet-stream";

    /** {@link Live#expiresAtMillis} of a value that does not expire. */
    long NEVER = 0;

    Version version();

    /** Whether a reader at {@code wallMillis} sees no value: deleted, or expired by then. */
    boolean isDeadAt(long wallMillis);

    /**
     * The millisecond from which the cell counts as deleted: that of the delete, or that of the
     * expiry; {@link Long#MAX_VALUE} if it lives for ever.
     */
    long deadSinceMillis();

    /**
     * A value.
     *
     * @param value the bytes, which must not be modified
     * @param contentType the media type given by the writer
     * @param expiresAtMillis absolute expiry in milliseconds since 1970, or {@link Cell#NEVER}
     */
    record Live(Version version, byte[] value, String contentType, long expiresAtMillis)
            implements Cell {

        @Override
        public boolean isDeadAt(long wallMillis) {
            return expiresAtMillis != NEVER && wallMillis >= expiresAtMillis;
        }

        @Override
        public long deadSinceMillis() {
            return expiresAtMillis == NEVER ? Long.MAX_VALUE : expiresAtMillis;
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Live other
                    && version.equals(other.version)
                    && Arrays.equals(value, other.value)
                    && contentType.equals(other.contentType)
                    && expiresAtMillis == other.expiresAtMillis;
        }

        @Override
        public int hashCode() {
            return version.hashCode();
        }

        @Override
        public String toString() {
            return "Live[" + version + ", " + value.length + " bytes]";
        }
    }

    /** The mark of a delete; it hides every older value until all owners hold it. */
    record Tombstone(Version version) implements Cell {

        @Override
        public boolean isDeadAt(long wallMillis) {
            return true;
        }

        @Override
        public long deadSinceMillis() {
            return version.wallMillis();
        }
    }
}

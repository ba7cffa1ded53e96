package dev.minidynamo.hints;

/** What became of a hint that was to be kept. */
public sealed interface HintResult {

    /** The hint, or a newer one for the same key and target, is durable. */
    record Stored() implements HintResult {}

    /**
     * Dropped, because the target's hints have reached their limit or the write is too old; counted
     * and reported to the {@link HintLossListener}.
     */
    record Overflowed() implements HintResult {}

    /** Not kept, because the disk is full. */
    record DiskFull(String detail) implements HintResult {}
}

package dev.minidynamo.wal;

/** When appended records are forced to the device (promise P1). */
public sealed interface SyncMode {

    /** Before each acknowledgement. */
    record Always() implements SyncMode {}

    /** Within {@code millis} of the acknowledgement: a power loss takes at most that much. */
    record Interval(long millis) implements SyncMode {}

    /** When the operating system likes. */
    record Os() implements SyncMode {}

    SyncMode ALWAYS = new Always();
}

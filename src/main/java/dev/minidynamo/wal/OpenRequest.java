package dev.minidynamo.wal;

/**
 * How a log is to be opened.
 *
 * @param from replay begins here; what lies before is only looked at for being there
 * @param durable the log is known to have been durable up to here, so a bad record before this
 *     point is damage even if nothing follows it
 * @param replay takes the records, on the worker
 * @param progress takes news of a long replay, on the event loop
 */
public record OpenRequest(LogMark from, LogMark durable, Replay replay, Progress progress) {

    /** Takes news of a long replay. */
    @FunctionalInterface
    public interface Progress {
        void at(int segmentsDone, int segments, long records);
    }

    /** Replays the whole log. */
    public static OpenRequest all(Replay replay) {
        return new OpenRequest(
                LogMark.START, LogMark.START, replay, (done, segments, records) -> {});
    }
}

package dev.minidynamo.wal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The records that wait for their write, and how many of them make the next batch. */
final class BatchQueue {

    private static final int SEVERAL = 3;
    private static final int GATHER_MILLIS = 1;
    private static final int MANY = 32;

    private final LogOptions options;
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private long bytes;

    /** A record that was appended and not yet written. */
    record Waiting(byte[] payload, boolean urgent, Appended done) {

        long upperBytes() {
            return payload.length + (long) RecordFrame.MAX_OVERHEAD;
        }
    }

    BatchQueue(LogOptions options) {
        this.options = options;
    }

    /**
     * How long the next batch waits for other writers, if the batch before it shows that there are
     * some: a force costs more than their waiting. PostgreSQL's {@code commit_delay} and {@code
     * commit_siblings} are such a wait.
     *
     * @param records of the batch before
     * @return milliseconds: 0 after one or two records, and if many wait already; otherwise 1
     */
    long gatherMillis(int records) {
        return records < SEVERAL || hasMany() ? 0 : GATHER_MILLIS;
    }

    /** Whether so much waits that a force costs little for each record. */
    boolean hasMany() {
        return queue.size() >= MANY;
    }

    /**
     * Adds a record unless too much waits already; an urgent one, such as a delete, still finds
     * room for a batch where others do not.
     */
    boolean offer(Waiting record) {
        long most = options.maxQueueBytes() + (record.urgent() ? LogOptions.MAX_BATCH_BYTES : 0);
        boolean room = queue.isEmpty() || bytes + record.upperBytes() <= most;
        if (room) {
            add(record);
        }
        return room;
    }

    /** Adds a record that had been taken out. */
    void add(Waiting record) {
        queue.add(record);
        bytes += record.upperBytes();
    }

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    int size() {
        return queue.size();
    }

    /** Takes out all that waits, and gives it after {@code first}. */
    List<Waiting> drainWith(List<Waiting> first) {
        List<Waiting> all = new ArrayList<>(first);
        all.addAll(queue);
        queue.clear();
        bytes = 0;
        return all;
    }

    /**
     * Whether the next record belongs into the segment that ends at {@code end}.
     *
     * @param base records of the log before that segment
     */
    boolean nextFits(LogMark end, long base) {
        Waiting next = queue.peekFirst();
        return next == null
                || end.sequence() == base
                || (end.offset() + next.upperBytes() <= options.segmentBytes()
                        && end.sequence() - base < RecordFrame.MAX_RECORDS);
    }

    /**
     * Takes out as many records as fit in one write and in the segment that ends at {@code end}.
     */
    List<Waiting> take(LogMark end, long base) {
        List<Waiting> batch = new ArrayList<>();
        long room = options.segmentBytes() - end.offset();
        long records = RecordFrame.MAX_RECORDS - (end.sequence() - base);
        boolean emptySegment = end.sequence() == base;
        long taken = 0;
        while (!queue.isEmpty() && batch.size() < records) {
            long next = queue.getFirst().upperBytes();
            taken += next;
            boolean tooMuch = taken > LogOptions.MAX_BATCH_BYTES && !batch.isEmpty();
            boolean alone = emptySegment && batch.isEmpty();
            if (tooMuch || (taken > room && !alone)) {
                break;
            }
            batch.add(queue.removeFirst());
            bytes -= next;
        }
        return batch;
    }
}

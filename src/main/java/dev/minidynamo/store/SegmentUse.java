package dev.minidynamo.store;

import dev.minidynamo.wal.LogPosition;

import java.util.TreeMap;

/** How many records of each segment the index points at, and their bytes. */
final class SegmentUse {

    private final TreeMap<Long, Use> uses = new TreeMap<>();
    private Use latest = new Use(-1);
    private long liveBytes;

    private static final class Use {
        private final long segment;
        private long records;
        private long bytes;

        Use(long segment) {
            this.segment = segment;
        }
    }

    void add(long position, int bytes) {
        change(position, 1, bytes);
    }

    void remove(long position, int bytes) {
        change(position, -1, -bytes);
    }

    private void change(long position, int records, int bytes) {
        Use use = use(LogPosition.segment(position));
        use.records += records;
        use.bytes += bytes;
        liveBytes += bytes;
        if (use.records == 0 && use.bytes == 0) {
            uses.remove(use.segment);
            latest = new Use(-1);
        }
    }

    private Use use(long segment) {
        if (latest.segment != segment) {
            latest = uses.computeIfAbsent(segment, Use::new);
        }
        return latest;
    }

    long records(long segment) {
        Use use = uses.get(segment);
        return use == null ? 0 : use.records;
    }

    long liveBytes() {
        return liveBytes;
    }
}

package dev.minidynamo.hints;

import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Request.KeyVersion;
import dev.minidynamo.wal.Appended;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The hints of one target that are done with, until their end is on disk too: a crash before brings
 * them back, so until then they count as held (P7).
 */
final class EndedHints {

    /** Ends that are written down at once. */
    private static final int BATCH = 1024;

    private final HintLog log;
    private final HintCodec codec;
    private final Map<Key, Version> ended = new LinkedHashMap<>();
    private boolean writing;

    EndedHints(HintLog log, HintCodec codec) {
        this.log = log;
        this.codec = codec;
    }

    /** Takes note that the hint, and any older one of its key, is not needed any more. */
    void add(Hint hint) {
        ended.merge(hint.key, hint.version, (a, b) -> a.isNewerThan(b) ? a : b);
        if (ended.size() >= BATCH) {
            write();
        }
    }

    /** Whether a crash now could bring back a hint that is older than the version. */
    boolean holdsOlderThan(Key key, Version version) {
        Version last = ended.get(key);
        return last != null && version.isNewerThan(last);
    }

    boolean isEmpty() {
        return ended.isEmpty();
    }

    /** Writes down the first of them, unless some are on their way. */
    void write() {
        if (writing || ended.isEmpty()) {
            return;
        }
        List<KeyVersion> batch = new ArrayList<>();
        for (Map.Entry<Key, Version> end : ended.entrySet()) {
            if (batch.size() == BATCH) {
                break;
            }
            batch.add(new KeyVersion(end.getKey(), end.getValue()));
        }
        writing = true;
        log.append(
                codec.encode(new HintRecord.Delivered(batch)),
                new Appended() {
                    @Override
                    public void durable(long position, int frameBytes) {
                        log.whenForced(() -> written(batch));
                    }

                    @Override
                    public void diskFull(String why) {
                        writing = false;
                    }
                });
    }

    private void written(List<KeyVersion> batch) {
        writing = false;
        batch.forEach(each -> ended.remove(each.key(), each.version()));
        if (ended.size() >= BATCH) {
            write();
        }
    }
}

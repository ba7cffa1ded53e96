package dev.minidynamo.hints;

import dev.minidynamo.protocol.Request.KeyVersion;
import dev.minidynamo.wal.Replay;

import java.io.IOException;
import java.util.Arrays;

/**
 * Builds the index of one target's hints from its log; belongs to the worker until the log is open.
 */
final class HintReplay implements Replay {

    final HintIndex index = new HintIndex();
    private final HintCodec codec = new HintCodec();
    private long unreadable;

    /** Records that passed their checksum and yet were none of ours. */
    long unreadable() {
        return unreadable;
    }

    @Override
    public void record(long position, int frameBytes, byte[] bytes, int from, int length) {
        HintRecord hintRecord;
        try {
            hintRecord = codec.decode(Arrays.copyOfRange(bytes, from, from + length));
        } catch (IOException malformed) {
            unreadable++;
            return;
        }
        switch (hintRecord) {
            case HintRecord.Stored stored -> stored(new Hint(stored, length), position, frameBytes);
            case HintRecord.Delivered delivered -> delivered.hints().forEach(this::delivered);
        }
    }

    private void stored(Hint hint, long position, int frameBytes) {
        Hint current = index.get(hint.key);
        int order = current == null ? 1 : hint.version.compareTo(current.version);
        if (current != null && order == 0) {
            index.moved(current, position, frameBytes);
        } else if (order > 0) {
            index.add(hint);
            index.durable(hint, position, frameBytes);
        }
    }

    private void delivered(KeyVersion delivered) {
        Hint hint = index.get(delivered.key());
        if (hint != null && !hint.version.isNewerThan(delivered.version())) {
            index.remove(hint);
        }
    }
}

package dev.minidynamo.hints;

import dev.minidynamo.hints.Hint.State;
import dev.minidynamo.wal.Appended;

import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;

/** Appends again what is still needed of an old segment, so that the segment can leave. */
final class SegmentRewriter {

    /** Hints that are rewritten at once. */
    private static final int BATCH = 256;

    /** How long no segment is rewritten after the disk was full. */
    private static final long DISK_FULL_PAUSE_NANOS = 5_000_000_000L;

    private final HintPorts ports;
    private final HintLog log;
    private final HintIndex index;
    private final BiConsumer<Hint, IOException> damaged;
    private boolean busy;
    private long fromNanos;

    /**
     * @param damaged gets each hint that cannot be read
     */
    SegmentRewriter(
            HintPorts ports, HintLog log, HintIndex index, BiConsumer<Hint, IOException> damaged) {
        this.ports = ports;
        this.log = log;
        this.index = index;
        this.damaged = damaged;
        this.fromNanos = ports.clock().monotonicNanos();
    }

    /** Begins with a segment, unless one is under way or the disk was full just now. */
    void begin(long segment) {
        if (!busy && ports.clock().monotonicNanos() - fromNanos >= 0) {
            busy = true;
            rewrite(index.inSegment(segment), 0);
        }
    }

    private void rewrite(List<Hint> hints, int from) {
        int to = Math.min(from + BATCH, hints.size());
        int[] pending = {1};
        Runnable one =
                () -> {
                    pending[0]--;
                    if (pending[0] == 0) {
                        rewritten(hints, to);
                    }
                };
        for (Hint hint : hints.subList(from, to)) {
            if (hint.state != State.GONE) {
                pending[0]++;
                rewrite(hint, one);
            }
        }
        ports.scheduler().execute(one);
    }

    private void rewrite(Hint hint, Runnable done) {
        byte[] bytes;
        try {
            bytes = log.read(hint.position, hint.frameBytes);
        } catch (IOException failure) {
            damaged.accept(hint, failure);
            ports.scheduler().execute(done);
            return;
        }
        log.append(
                bytes,
                new Appended() {
                    @Override
                    public void durable(long position, int frameBytes) {
                        if (hint.state != State.GONE) {
                            index.moved(hint, position, frameBytes);
                        }
                        done.run();
                    }

                    @Override
                    public void diskFull(String why) {
                        long now = ports.clock().monotonicNanos();
                        fromNanos = now + DISK_FULL_PAUSE_NANOS;
                        done.run();
                    }
                });
    }

    private void rewritten(List<Hint> hints, int to) {
        if (to < hints.size()) {
            rewrite(hints, to);
        } else {
            busy = false;
        }
    }
}

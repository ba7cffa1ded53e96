package dev.minidynamo.hints;

import dev.minidynamo.hints.Hint.State;
import dev.minidynamo.hints.HintLossListener.Loss;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.wal.Appended;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * All that is held for one target: its log on disk, the index over it, and the delivery.
 *
 * <p>What was delivered is written down in batches, a moment late: a crash in between lets some
 * hints be delivered again, which the target answers with {@code Superseded} or takes as the same.
 * Segments leave strictly oldest first, so that a newer hint, or the record of a delivery, always
 * stays longer than what it makes void.
 */
final class TargetHints implements HintDelivery.Owner {

    /** Bytes of hints that may wait for the disk. */
    static final long MOST_PENDING_BYTES = 16 << 20;

    /** Segments that a log may have before old ones are rewritten. */
    private static final int SPARE_SEGMENTS = 2;

    final NodeId target;
    final TargetCounters counters = new TargetCounters();
    final HintIndex index;
    private final HintPorts ports;
    private final HintOptions options;
    private final HintCodec codec;
    private final HintLog log;
    private final HintDelivery delivery;
    private final HintLossListener losses;
    private final EndedHints ended;
    private final HintAdoption adoption;
    private final SegmentRewriter rewriter;
    private boolean targetLeft;

    TargetHints(
            HintLog log,
            HintIndex index,
            HintCodec codec,
            HintPorts ports,
            HintOptions options,
            HintLossListener losses) {
        this.target = log.target();
        this.log = log;
        this.index = index;
        this.codec = codec;
        this.ports = ports;
        this.options = options;
        this.losses = losses;
        this.delivery = new HintDelivery(target, ports, options, counters, this);
        this.ended = new EndedHints(log, codec);
        this.adoption = new HintAdoption(ports, this, this::adopted);
        this.rewriter = new SegmentRewriter(ports, log, index, this::dropDamaged);
    }

    HintDelivery delivery() {
        return delivery;
    }

    /** Queues for delivery what the log held at the start, and counts what it had lost. */
    void begin(long damages) {
        index.all().forEach(delivery::add);
        counters.damaged += damages;
    }

    /** Keeps a hint; {@code done} hears once it is durable, or that it was not kept. */
    void store(Key key, Cell cell, Consumer<HintResult> done) {
        Hint current = index.get(key);
        if (current != null && !cell.version().isNewerThan(current.version)) {
            if (current.durable()) {
                done.accept(new HintResult.Stored());
            } else {
                current.await(done);
            }
            return;
        }
        HintRecord.Stored stored = new HintRecord.Stored(ports.clock().wallMillis(), key, cell);
        byte[] bytes = codec.encode(stored);
        Hint hint = new Hint(stored, bytes.length);
        if (tooOld(hint)) {
            counters.expired++;
            losses.lost(target, key, Loss.EXPIRED);
            done.accept(new HintResult.Overflowed());
            return;
        }
        if (!fits(hint, current)) {
            counters.overflowed++;
            losses.lost(target, key, Loss.OVERFLOWED);
            done.accept(new HintResult.Overflowed());
            return;
        }
        hint.await(done);
        index.add(hint);
        log.append(
                bytes,
                new Appended() {
                    @Override
                    public void durable(long position, int frameBytes) {
                        kept(hint, position, frameBytes);
                    }

                    @Override
                    public void diskFull(String why) {
                        notKept(hint, why);
                    }
                });
    }

    private boolean fits(Hint hint, @Nullable Hint replaced) {
        long bytes = index.bytes() - (replaced == null ? 0 : replaced.recordBytes);
        boolean room =
                index.pendingBytes() < MOST_PENDING_BYTES
                        && (replaced != null || index.count() < options.maxHintsPerTarget());
        return room && bytes + hint.recordBytes <= options.maxBytesPerTarget();
    }

    private void kept(Hint hint, long position, int frameBytes) {
        index.durable(hint, position, frameBytes);
        if (hint.state == State.WAITING) {
            counters.stored++;
            delivery.add(hint);
        }
        hint.answer(new HintResult.Stored());
        delivery.pump();
    }

    private void notKept(Hint hint, String detail) {
        index.remove(hint);
        hint.answer(new HintResult.DiskFull(detail));
    }

    /** The newest durable hint's cell, or null. */
    @Nullable Cell find(Key key) {
        Hint hint = index.durable(key);
        return hint == null ? null : read(hint);
    }

    @Nullable Version newest(Key key) {
        Hint hint = index.durable(key);
        return hint == null ? null : hint.version;
    }

    Reply.@Nullable HeldHint held(Key key) {
        Hint hint = index.durable(key);
        if (hint == null) {
            return null;
        }
        long age = ports.clock().wallMillis() - hint.storedMillis;
        return new Reply.HeldHint(target, hint.version, hint.tombstone, Math.max(0, age));
    }

    boolean holdsOlderThan(Key key, Version version) {
        for (Hint hint = index.get(key); hint != null; hint = hint.older) {
            if (version.isNewerThan(hint.version)) {
                return true;
            }
        }
        return ended.holdsOlderThan(key, version);
    }

    private boolean isAged(Hint hint) {
        long age = ports.membership().clusterMillis() - hint.version.wallMillis();
        return age > options.maxAgeMillis();
    }

    /** Whether its age ends its delivery; not where the own store is no place for its cell. */
    private boolean tooOld(Hint hint) {
        return isAged(hint) && ports.own().isReplica(hint.key);
    }

    @Override
    public boolean dropIfExpired(Hint hint) {
        if (!tooOld(hint)) {
            return false;
        }
        adoption.begin(hint);
        return true;
    }

    private void adopted(Hint hint) {
        if (hint.state == State.GONE) {
            return;
        }
        end(hint);
        if (targetLeft) {
            counters.adopted++;
        } else {
            counters.expired++;
            losses.lost(target, hint.key, Loss.EXPIRED);
        }
    }

    private void end(Hint hint) {
        index.remove(hint);
        ended.add(hint);
    }

    /** From now on the hints are adopted, since there is nobody to deliver them to. */
    void targetLeft() {
        targetLeft = true;
    }

    /** Whether there is nothing left of a target that left. */
    boolean isDoneWith() {
        return targetLeft && index.count() == 0 && ended.isEmpty();
    }

    @Override
    public @Nullable Cell read(Hint hint) {
        try {
            if (codec.decode(log.read(hint.position, hint.frameBytes))
                            instanceof HintRecord.Stored stored
                    && stored.key().equals(hint.key)
                    && stored.cell().version().equals(hint.version)) {
                return stored.cell();
            }
            dropDamaged(hint, new IOException("a hint's record is another's"));
        } catch (IOException damaged) {
            dropDamaged(hint, damaged);
        }
        return null;
    }

    private void dropDamaged(Hint hint, IOException why) {
        counters.lastProblem = String.valueOf(why.getMessage());
        counters.damaged++;
        end(hint); // It may be readable once more.
        losses.lost(target, hint.key, Loss.DAMAGED);
    }

    @Override
    public void delivered(Hint hint) {
        if (hint.state != State.GONE) {
            end(hint);
        }
    }

    @Override
    public void setAside(Hint hint) {
        hint.state = State.ASIDE;
        counters.setAside++;
        losses.lost(target, hint.key, Loss.SET_ASIDE);
    }

    /** Drops what will not be delivered, writes down what is done with, and gives back space. */
    void keepHouse() {
        if (targetLeft) {
            index.all().forEach(adoption::begin);
        } else {
            dropExpired();
        }
        ended.write();
        reclaim();
        delivery.keepHouse(index.count());
    }

    private void dropExpired() {
        Hint oldest = index.oldest();
        if (oldest == null || !isAged(oldest)) {
            return;
        }
        for (Hint hint : index.all()) {
            if (!isAged(hint)) {
                return;
            }
            if (hint.durable()) {
                dropIfExpired(hint);
            }
        }
    }

    /** Drops every hint, on disk too. */
    void dropAll() {
        for (Hint hint = index.oldest(); hint != null; hint = index.oldest()) {
            end(hint);
        }
        ended.write();
    }

    private void reclaim() {
        if (index.count() == 0 && ended.isEmpty()) {
            log.leaveSegment(); // What lies on disk can come back: by damage, or in a backup.
        }
        log.dropBefore(index.firstNeededSegment());
        long worthKeeping =
                2 * index.neededBytes() + (long) SPARE_SEGMENTS * options.segmentBytes();
        long first = index.firstNeededSegment();
        if (log.bytes() > worthKeeping && first < log.activeSegment()) {
            rewriter.begin(first);
        }
    }

    HintStatus.Target status() {
        Hint oldest = index.oldest();
        long age = oldest == null ? 0 : ports.clock().wallMillis() - oldest.storedMillis;
        return new HintStatus.Target(
                target,
                index.count(),
                index.bytes(),
                Math.max(0, age),
                log.bytes(),
                log.segments(),
                counters.stored,
                counters.delivered,
                counters.expired,
                counters.overflowed,
                counters.setAside,
                counters.damaged,
                counters.refused,
                counters.failed,
                delivery.window(),
                counters.lastProblem);
    }

    /** Ends the delivery and deletes the log. */
    void remove() {
        delivery.close();
        log.remove();
    }

    void close(Runnable closed) {
        delivery.close();
        ended.write();
        log.close(closed);
    }
}

package dev.minidynamo.antientropy;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Transport.Priority;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.store.StoredCell;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The repair of entries that differ: cells fetched from a peer and stored here, cells read here and
 * stored there, both at once and bounded.
 *
 * <p>Fetched cells go through the own replica like any other write, so that its checks, its clock
 * and the merge law apply. The first answer that does not come ends it.
 */
final class Transfer {

    /** Bytes of cells from which an answer to {@link Request.Fetch} is cut short. */
    static final long FETCH_BYTES = 1 << 20;

    private static final int FETCH_TOKENS = 512;
    private static final int WRITES_UNDER_WAY = 256;
    private static final long BYTES_UNDER_WAY = 1 << 20;
    private static final int MOST_REFUSALS = 8;

    private final Replicating node;
    private final NodeId peer;
    private final Consumer<Outcome> finished;

    private final Deque<Long> pulls;
    private final Deque<Long> pushes;
    private final Deque<StoredCell> pushCells = new ArrayDeque<>();
    private final Outcome outcome = new Outcome();
    private boolean fetching;
    private int ownWrites;
    private int peerWrites;
    private long peerBytes;
    private boolean ended;

    /** What came of a transfer. */
    static final class Outcome {
        long pulled;
        long pushed;
        long bytes;
        int errors;
        String lastError = "";
        boolean lost;

        /** Partitions in which something could not be exchanged. */
        final BitSet failed = new BitSet();
    }

    /**
     * @param pulls tokens whose cells the peer shall give
     * @param pushes tokens whose cells the peer shall get
     */
    Transfer(
            Replicating node,
            NodeId peer,
            List<Long> pulls,
            List<Long> pushes,
            Consumer<Outcome> finished) {
        this.node = node;
        this.peer = peer;
        this.pulls = new ArrayDeque<>(pulls);
        this.pushes = new ArrayDeque<>(pushes);
        this.finished = finished;
    }

    /** Begins, and calls {@code finished} once, possibly at once. */
    void start() {
        proceed();
    }

    /** Ends it without an outcome. */
    void cancel() {
        ended = true;
    }

    private void proceed() {
        if (ended) {
            return;
        }
        if (outcome.lost || outcome.errors > MOST_REFUSALS) {
            giveUpTheRest();
        }
        if (!fetching && ownWrites == 0 && !pulls.isEmpty()) {
            fetch();
        }
        while (peerWrites < WRITES_UNDER_WAY && peerBytes < BYTES_UNDER_WAY && push()) {}
        if (!fetching && ownWrites == 0 && peerWrites == 0 && pulls.isEmpty()) {
            ended = true;
            finished.accept(outcome);
        }
    }

    private void giveUpTheRest() {
        pulls.forEach(this::failed);
        pushes.forEach(this::failed);
        pushCells.forEach(cell -> failed(Ring.tokenOf(cell.key())));
        pulls.clear();
        pushes.clear();
        pushCells.clear();
    }

    private void fetch() {
        List<Long> tokens = new ArrayList<>();
        while (tokens.size() < FETCH_TOKENS && !pulls.isEmpty()) {
            tokens.add(pulls.remove());
        }
        fetching = true;
        send(peer, new Request.Fetch(List.copyOf(tokens)), reply -> fetched(tokens, reply));
    }

    private void fetched(List<Long> tokens, Reply reply) {
        fetching = false;
        if (ended) {
            return;
        }
        outcome.bytes += WireEstimate.of(reply);
        if (reply instanceof Reply.Cells cells) {
            takeNoteOfWhatIsMissing(tokens, cells);
            ownWrites += cells.cells().size();
            for (Reply.KeyCell cell : cells.cells()) {
                send(
                        node.self(),
                        write(cell.key(), cell.cell()),
                        stored -> storedHere(cell.key(), stored));
            }
        } else {
            tokens.forEach(this::failed);
            note(reply);
        }
        proceed();
    }

    /**
     * A peer that reaches the byte limit stops after the token it is at; the rest is asked for
     * again. Before that, it leaves out only what it has just found unreadable.
     */
    private void takeNoteOfWhatIsMissing(List<Long> tokens, Reply.Cells cells) {
        Set<Long> given = new HashSet<>();
        cells.cells().forEach(cell -> given.add(Ring.tokenOf(cell.key())));
        int answered = tokens.size();
        if (WireEstimate.of(cells) >= FETCH_BYTES) {
            int last = tokens.lastIndexOf(Ring.tokenOf(cells.cells().getLast().key()));
            answered = last < 0 ? answered : last + 1;
        }
        tokens.subList(answered, tokens.size()).reversed().forEach(pulls::addFirst);
        tokens.subList(0, answered).stream().filter(t -> !given.contains(t)).forEach(this::failed);
    }

    private void storedHere(Key key, Reply reply) {
        ownWrites--;
        if (isStored(reply)) {
            outcome.pulled++;
        } else {
            failed(Ring.tokenOf(key));
            note(reply);
        }
        proceed();
    }

    private boolean push() {
        while (pushCells.isEmpty() && !pushes.isEmpty()) {
            pushCells.addAll(node.store().byToken(pushes.remove()));
        }
        StoredCell next = pushCells.poll();
        if (next == null) {
            return false;
        }
        Request.Write write = write(next.key(), next.cell());
        long bytes = WireEstimate.of(write);
        peerWrites++;
        peerBytes += bytes;
        outcome.bytes += bytes;
        send(peer, write, reply -> storedThere(next.key(), bytes, reply));
        return true;
    }

    private void storedThere(Key key, long bytes, Reply reply) {
        peerWrites--;
        peerBytes -= bytes;
        if (isStored(reply)) {
            outcome.pushed++;
        } else {
            failed(Ring.tokenOf(key));
            note(reply);
        }
        proceed();
    }

    private void send(NodeId to, Request request, Consumer<Reply> onReply) {
        node.ports()
                .transport()
                .send(
                        to,
                        request,
                        Priority.ANTI_ENTROPY,
                        node.options().requestTimeoutMillis(),
                        onReply);
    }

    private static Request.Write write(Key key, Cell cell) {
        return new Request.Write(key, cell, Request.Cause.ANTI_ENTROPY, null);
    }

    private void failed(long token) {
        outcome.failed.set(Ring.partitionOf(token));
    }

    private void note(Reply reply) {
        outcome.errors++;
        outcome.lost |= reply instanceof Reply.Failed;
        outcome.lastError =
                switch (reply) {
                    case Reply.Failed failed -> failed.failure() + ": " + failed.detail();
                    case Reply.Refused refused -> refused.reason() + ": " + refused.detail();
                    default -> "an answer that does not fit the question";
                };
    }

    /** Whether a write left its receiver with this cell or a newer one. */
    static boolean isStored(Reply reply) {
        return reply instanceof Reply.Written || reply instanceof Reply.Superseded;
    }
}

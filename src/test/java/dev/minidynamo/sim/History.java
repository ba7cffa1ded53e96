package dev.minidynamo.sim;

import dev.minidynamo.coordinator.Mode;
import dev.minidynamo.coordinator.OperationOptions;
import dev.minidynamo.coordinator.QuorumCoordinator;
import dev.minidynamo.coordinator.ReadOutcome;
import dev.minidynamo.coordinator.ReplicaAnswer;
import dev.minidynamo.coordinator.ReplicaAnswer.Answer;
import dev.minidynamo.coordinator.Value;
import dev.minidynamo.coordinator.WriteOutcome;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;
import dev.minidynamo.node.Node;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the clients asked and got.
 *
 * <ul>
 *   <li>I2: every value read was written to that key, by a put that had begun before, and has not
 *       expired; every tombstone read was asked for ({@link Deletes}).
 *   <li>I5: no primary answers a read with something older than a delete that all owners held.
 *   <li>I6: of strict requests at nodes on the ring, whatever r and w they name: a read's version
 *       is at least that of each write that was acknowledged before it began, where r+w&gt;N, and
 *       of each read with r+W&gt;N that was answered before, since max(r, W) replicas hold its
 *       answer; a write's version exceeds that of each write before it, where both w together are
 *       more than N (P5, P6). What fewer than W replicas took may be gone once a disk is destroyed.
 *       Reads also find what at least W replicas held on an earlier ring, as long as one of them is
 *       left, all those counted as lost that own the key no more or had their disk destroyed.
 *   <li>P5: every answer tells whether it was strict, with quorums that overlap.
 *   <li>I9: what a rejected put wrote is never read.
 *   <li>I11: every request ends within its timeout, as long as its coordinator runs.
 *   <li>P8: what a node stamps is above everything that was seen of it before, restarts included.
 * </ul>
 */
final class History {

    private static final long TIMEOUT_MILLIS = 1_000;
    private static final long SLACK_MILLIS = 700;

    /** How long a request may take at the most. */
    static final long LONGEST_MILLIS = TIMEOUT_MILLIS + SLACK_MILLIS;

    private final SimCluster cluster;
    private final Watch watch;
    private final Clients clients;
    private final Deletes deletes;
    private final Map<Integer, Operation> operations = new LinkedHashMap<>();
    private final Map<Key, Version> acknowledged = new TreeMap<>();
    private final Map<Key, Version> returned = new TreeMap<>();
    private final Map<Integer, KnownCopies> strictlyWritten = new TreeMap<>();
    private final Map<Integer, KnownCopies> strictlyRead = new TreeMap<>();
    private int written;
    private int values;

    History(SimCluster cluster, Watch watch) {
        this.cluster = cluster;
        this.watch = watch;
        this.clients = new Clients(cluster, this);
        this.deletes = new Deletes(cluster, watch);
    }

    Clients clients() {
        return clients;
    }

    Deletes deletes() {
        return deletes;
    }

    /** Whether a request was sent to its coordinator, and has no answer yet. */
    boolean isUnanswered(int id) {
        Operation operation = operations.get(id);
        return operation != null && !operation.ended();
    }

    int written() {
        return written;
    }

    int values() {
        return values;
    }

    /** How many gets a node may still be at, of those that it was asked. */
    long getsUnderWay(SimNode node) {
        long since =
                Math.min(
                        cluster.loop.nowNanos() - 2 * LONGEST_MILLIS * 1_000_000,
                        node.interruptedNanos());
        return operations.values().stream()
                .filter(o -> o.request.verb() == Step.Verb.GET && o.invokedNanos >= since)
                .filter(o -> o.request.node() == node.index)
                .count();
    }

    /** The highest version of a key that was acknowledged or read; null if none. */
    Version surfaced(Key key) {
        return higher(acknowledged.get(key), returned.get(key));
    }

    /** Lets a client ask a node that is there. */
    void invoke(Step.Request request) {
        SimNode target = cluster.nodes.get(request.node());
        Node node = target.node();
        Key key = cluster.keys.get(request.key());
        Operation operation = new Operation(request, key, cluster.loop.nowNanos());
        operation.strict = request.strict() && !target.hasOtherRing();
        operation.ring = target.ring();
        if (operation.strict) {
            operation.writeFloor = metBy(operation, operation.ring, strictlyWritten);
            for (int ring = 0; ring <= operation.ring; ring++) {
                Version floor = metBy(operation, ring, strictlyWritten);
                floor = higher(floor, metBy(operation, ring, strictlyRead));
                operation.readFloor = higher(operation.readFloor, floor);
            }
        }
        operation.deletedEverywhere = watch.heldByAll().deleted(operation.ring, key);
        operation.stampFloor = watch.lastStampOf(target);
        operations.put(request.id(), operation);
        if (request.verb() == Step.Verb.DELETE) {
            deletes.asked(operation);
        }
        cluster.trace.add(20, request.id(), () -> "client: " + request);
        cluster.loop.at(
                cluster.loop.nowNanos(), target.life(), () -> ask(node.coordinator(), operation));
    }

    /** What the operation must meet of what was known on its own ring, or on one before. */
    private Version metBy(Operation operation, int ring, Map<Integer, KnownCopies> copies) {
        int quorum = operation.request.quorum(cluster.shape);
        int least = watch.anyDestroyed() ? cluster.shape.w() : 0;
        if (ring < operation.ring) {
            int gone =
                    cluster.replaced(ring, operation.ring, operation.key) + watch.disksDestroyed();
            least = Math.max(cluster.shape.w(), gone + 1);
        }
        return on(ring, copies).metBy(quorum, operation.key, least);
    }

    private KnownCopies on(int ring, Map<Integer, KnownCopies> copies) {
        return copies.computeIfAbsent(ring, r -> new KnownCopies(cluster, watch.unforced()));
    }

    private void ask(QuorumCoordinator coordinator, Operation operation) {
        Mode mode = operation.request.strict() ? Mode.STRICT : Mode.SLOPPY;
        int quorum = operation.request.quorum(cluster.shape);
        OperationOptions how = new OperationOptions(quorum, mode, TIMEOUT_MILLIS);
        switch (operation.request.verb()) {
            case PUT ->
                    coordinator.put(
                            operation.key,
                            new Value(
                                    operation.value,
                                    Cell.DEFAULT_CONTENT_TYPE,
                                    operation.request.ttlMillis()),
                            how,
                            outcome -> wrote(operation, outcome));
            case DELETE ->
                    coordinator.delete(operation.key, how, outcome -> wrote(operation, outcome));
            case GET -> coordinator.get(operation.key, how, outcome -> read(operation, outcome));
        }
    }

    private void ended(Operation operation) {
        Violation.check(!operation.ended(), "I11", () -> "answered twice: " + operation);
        operation.endedNanos = cluster.loop.nowNanos();
        SimNode node = cluster.nodes.get(operation.request.node());
        long millis = (operation.endedNanos - operation.invokedNanos) / 1_000_000;
        Violation.check(
                millis <= LONGEST_MILLIS || node.interruptedNanos() >= operation.invokedNanos,
                "I11",
                () -> "took " + millis + " ms: " + operation);
        cluster.trace.add(21, operation.request.id(), () -> "client: " + operation);
        cluster.loop.at(cluster.loop.nowNanos(), () -> clients.ended(operation.request.id()));
    }

    private void wrote(Operation operation, WriteOutcome outcome) {
        operation.written = outcome;
        ended(operation);
        saysWhatItWas(operation, outcome.strict(), cluster.shape.r());
        if (outcome instanceof WriteOutcome.Written done) {
            written++;
            Version version = done.version();
            Violation.check(
                    operation.writeFloor == null
                            || watch.anyDestroyed()
                            || lostPower(operation)
                            || version.isNewerThan(operation.writeFloor),
                    "I6",
                    () -> "acknowledged below " + operation.writeFloor + ": " + operation);
            checkStamp(operation, version);
            acknowledged.merge(operation.key, version, History::higher);
            int copies = operation.request.quorum(cluster.shape);
            watch.ledger().acknowledged(operation.key, version, copies);
            if (operation.strict) {
                on(operation.ring, strictlyWritten).add(operation.key, version, copies);
            }
        }
    }

    /** P5: every answer tells whether it was strict, with quorums that overlap. */
    private void saysWhatItWas(Operation operation, boolean strict, int otherQuorum) {
        int quorum = operation.request.quorum(cluster.shape);
        boolean was = operation.request.strict() && quorum + otherQuorum > cluster.shape.n();
        Violation.check(
                strict == was, "P5", () -> "says that strict was " + strict + ": " + operation);
    }

    /** Whether what it had to meet may have been lost since it began. */
    private boolean lostPower(Operation operation) {
        return watch.unforced().lastLossNanos() >= operation.invokedNanos;
    }

    private void checkStamp(Operation operation, Version version) {
        Violation.check(
                version.timestamp() > operation.stampFloor || watch.anyDestroyed(),
                "P8",
                () ->
                        version
                                + " is below "
                                + operation.stampFloor
                                + " of the same node: "
                                + operation);
    }

    /** P8: a put was stamped after all that its coordinator was seen to stamp before. */
    void sawPut(Cell.Live cell) {
        Operation source = operations.get(Operation.idOf(cell));
        if (source != null) {
            checkStamp(source, cell.version());
        }
    }

    private void read(Operation operation, ReadOutcome outcome) {
        operation.read = outcome;
        ended(operation);
        saysWhatItWas(operation, outcome.strict(), cluster.shape.w());
        Cell cell =
                switch (outcome) {
                    case ReadOutcome.Value value -> value.cell();
                    case ReadOutcome.NotFound nothing -> nothing.winner();
                    case ReadOutcome.Unavailable none -> null;
                };
        if (cell != null) {
            values++;
            check(operation, cell, outcome);
        }
        if (!(outcome instanceof ReadOutcome.Unavailable) && operation.readFloor != null) {
            boolean reaped = cell == null && mayBeReaped(operation);
            Violation.check(
                    reaped
                            || lostPower(operation)
                            || (cell != null && cell.version().compareTo(operation.readFloor) >= 0),
                    "I6",
                    () -> "below " + operation.readFloor + ": " + operation);
        }
        if (cell != null) {
            returned.merge(operation.key, cell.version(), History::higher);
            watch.ledger().surfaced(operation.key, cell.version());
            int quorum = operation.request.quorum(cluster.shape);
            int w = cluster.shape.w();
            if (operation.strict && quorum + w > cluster.shape.n()) {
                on(operation.ring, strictlyRead)
                        .add(operation.key, cell.version(), Math.max(quorum, w));
            }
        }
    }

    private boolean mayBeReaped(Operation operation) {
        return watch.isDeadSince(
                operation.key, operation.readFloor, SimOptions.GRACE_MILLIS - 1_500);
    }

    private void check(Operation operation, Cell cell, ReadOutcome outcome) {
        watch.saw(operation.key, cell);
        if (cell instanceof Cell.Tombstone) {
            deletes.saw(operation.key, cell.version());
        }
        if (cell instanceof Cell.Live live) {
            long now = cluster.nodes.get(operation.request.node()).clock.wallMillis();
            Violation.check(
                    outcome instanceof ReadOutcome.NotFound || !live.isDeadAt(now),
                    "I2",
                    () -> "expired at " + live.expiresAtMillis() + ": " + operation);
            wasWritten(operation.key, live);
            Version deleted = operation.deletedEverywhere;
            boolean older = deleted != null && !live.version().isNewerThan(deleted);
            Violation.check(
                    !older || watch.anyDestroyed() || !fromPrimary(outcome),
                    "I5",
                    () -> "older than the delete " + deleted + ": " + operation);
        }
    }

    /** I2 and I9: the cell is what a put wrote to this key. */
    void wasWritten(Key key, Cell.Live cell) {
        Operation source = operations.get(Operation.idOf(cell));
        Violation.check(
                source != null
                        && source.key.equals(key)
                        && source.request.verb() == Step.Verb.PUT
                        && Arrays.equals(source.value, cell.value()),
                "I2",
                () -> cell + " of " + key + " was never written");
        Violation.check(
                !source.rejected(), "I9", () -> cell + " of " + key + " was rejected: " + source);
    }

    private static boolean fromPrimary(ReadOutcome outcome) {
        return outcome.replicas().stream()
                .anyMatch(
                        (ReplicaAnswer a) -> a.answer() == Answer.NEWEST && a.standsFor() == null);
    }

    /** I11 at the end: nothing is without an answer whose coordinator ran all the time. */
    void checkAllEnded() {
        for (Operation operation : operations.values()) {
            SimNode node = cluster.nodes.get(operation.request.node());
            Violation.check(
                    operation.ended() || node.interruptedNanos() >= operation.invokedNanos,
                    "I11",
                    () -> "never answered: " + operation);
        }
    }

    /** P3: those requests were served that must be; a sloppy read may find nothing. */
    void checkServed() {
        for (Operation operation : operations.values()) {
            Violation.check(
                    !operation.request.mustBeServed()
                            || operation.acknowledged()
                            || operation.read instanceof ReadOutcome.Value
                            || (!operation.request.strict()
                                    && operation.read instanceof ReadOutcome.NotFound),
                    "P3",
                    () -> "not served by healthy nodes: " + operation);
        }
    }

    static Version higher(Version a, Version b) {
        return a == null || (b != null && b.isNewerThan(a)) ? b : a;
    }
}

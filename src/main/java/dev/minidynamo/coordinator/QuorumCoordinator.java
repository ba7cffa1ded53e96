package dev.minidynamo.coordinator;

import dev.minidynamo.coordinator.ReplicaAnswer.Answer;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Transport.Priority;
import dev.minidynamo.ring.PreferenceList;
import dev.minidynamo.ring.Ring;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The coordinator of a node: carries out the puts, gets and deletes of its clients on the replicas
 * of each key (Dynamo, SOSP 2007, §4.5).
 *
 * <p>The decisions are in {@link WriteQuorum} and {@link ReadQuorum}, which are pure; this class
 * and the operations perform the effects. All methods are called on the event loop, and answers
 * come on it.
 */
public class QuorumCoordinator {

    private static final long STAND_IN_CHECK_MILLIS = 50;
    private static final long STAMP_CHECK_MILLIS = 10;
    private static final long LATENCY_WINDOW_MILLIS = 5_000;

    /** A write whose replicas may turn out to be silent. */
    private record Watched(WriteOperation operation, long sinceNanos) {}

    private final NodeId self;
    private final ClusterConfig config;
    private final Ring ring;
    private final CoordinatorPorts ports;
    private final CoordinatorOptions options;
    private final Counters counters = new Counters();
    private final ArrayDeque<Watched> watched = new ArrayDeque<>();
    private Scheduler.@Nullable Timer latencyTimer;
    private Scheduler.@Nullable Timer standInTimer;

    public QuorumCoordinator(
            NodeId self,
            ClusterConfig config,
            Ring ring,
            CoordinatorPorts ports,
            CoordinatorOptions options) {
        this.self = self;
        this.config = config;
        this.ring = ring;
        this.ports = ports;
        this.options = options;
    }

    /** Begins to measure. */
    public void start() {
        latencyTimer = ports.scheduler().every(LATENCY_WINDOW_MILLIS, counters::rollLatencies);
    }

    /** Ends the watch for silent replicas; requests under way run on to their end. */
    public void stop() {
        if (latencyTimer != null) {
            latencyTimer.cancel();
        }
        if (standInTimer != null) {
            standInTimer.cancel();
        }
    }

    /**
     * Stores a value.
     *
     * @param done called once, on the event loop
     */
    public void put(Key key, Value value, OperationOptions how, Consumer<WriteOutcome> done) {
        write(request(key, value.bytes().length, value::cell, how, done));
    }

    /** Deletes a key, whether or not it holds a value. */
    public void delete(Key key, OperationOptions how, Consumer<WriteOutcome> done) {
        write(request(key, 0, Cell.Tombstone::new, how, done));
    }

    private WriteRequest request(
            Key key,
            int bytes,
            Function<Version, Cell> stamp,
            OperationOptions how,
            Consumer<WriteOutcome> done) {
        return new WriteRequest(key, bytes, stamp, how, nanos(), wallMillis(), done);
    }

    /** Reads a key. */
    public void get(Key key, OperationOptions how, Consumer<ReadOutcome> done) {
        ReadOperation operation = new ReadOperation(this, key, how, done);
        if (counters.inFlightBytes > options.maxInFlightBytes()) {
            operation.unavailable("overloaded: too many bytes in unfinished requests");
        } else {
            operation.start();
        }
    }

    /** Asks every node of the ring what it holds for a key, hints included. */
    public void inspect(Key key, long timeoutMillis, Consumer<Map<NodeId, Reply>> done) {
        Map<NodeId, Reply> answers = new TreeMap<>();
        for (NodeId node : ring.nodes()) {
            send(
                    node,
                    new Request.Inspect(key),
                    Priority.CLIENT,
                    timeoutMillis,
                    reply -> {
                        answers.put(node, reply);
                        if (answers.size() == ring.nodes().size()) {
                            done.accept(answers);
                        }
                    });
        }
    }

    /** Lists keys in key order; see {@link ListOperation}. */
    public void list(
            byte[] prefix,
            @Nullable Key after,
            int limit,
            OperationOptions how,
            Consumer<ListOutcome> done) {
        new ListOperation(this, prefix, after, limit, done).start(how);
    }

    public CoordinatorStatus status() {
        return counters.status();
    }

    private void write(WriteRequest request) {
        if (counters.inFlightBytes > options.maxInFlightBytes()) {
            reject(request, "overloaded: too many bytes in unfinished requests");
            return;
        }
        counters.inFlightBytes += request.bytes();
        startOnceStampable(request);
    }

    /**
     * Starts a write once its timestamp may be given out. Right after a start that takes until the
     * peers' clocks are known, so the write waits for it within its time.
     */
    private void startOnceStampable(WriteRequest request) {
        String refusal = refusal(request);
        if (refusal != null) {
            counters.inFlightBytes -= request.bytes();
            reject(request, refusal);
        } else if (!ports.peers().mayStamp()) {
            whenMoreMayBeStamped(() -> startOnceStampable(request));
        } else {
            start(new WriteOperation(this, request));
        }
    }

    private void start(WriteOperation operation) {
        if (operation.mayUseStandIns()) {
            watched.add(new Watched(operation, nanos()));
            standInLater(options.standInAfterMillis());
        }
        operation.start();
    }

    private @Nullable String refusal(WriteRequest request) {
        if (live(request) < request.options().quorum()) {
            return "too few of the key's replicas are up";
        }
        if (ports.peers().clockAheadMillis() > options.maxDriftMillis()) {
            return "this node's clock is "
                    + ports.peers().clockAheadMillis()
                    + " ms ahead of the majority's; at most "
                    + options.maxDriftMillis()
                    + " ms are allowed";
        }
        if (request.leftMillis(nanos()) <= 0) {
            return "this node's next timestamp is ahead of the majority's clocks, or of its bound"
                    + " on disk; that passes by itself";
        }
        return null;
    }

    private void reject(WriteRequest request, String why) {
        OperationOptions how = request.options();
        WriteOutcome outcome =
                new WriteOutcome.Rejected(
                        why,
                        live(request),
                        how.quorum(),
                        unasked(request.key()),
                        isStrict(how, config.r()));
        counters.turnedAway(how.mode(), outcome, nanos() - request.startedNanos());
        request.done().accept(outcome);
    }

    /** The key's own replicas, none of which a rejected write was sent to. */
    private List<ReplicaAnswer> unasked(Key key) {
        return ring.preferenceList(key).primaries().stream()
                .map(node -> {
                    Answer answer = ports.peers().isDown(node) ? Answer.DOWN : Answer.UNASKED;
                    return new ReplicaAnswer(node, null, answer, null, 0, "");
                })
                .toList();
    }

    private int live(WriteRequest request) {
        return live(ring.preferenceList(request.key()), request.options().mode());
    }

    private int live(PreferenceList nodes, Mode mode) {
        int live = countUp(nodes.primaries());
        if (mode == Mode.SLOPPY) {
            live = Math.min(config.n(), live + countUp(nodes.fallbacks()));
        }
        return live;
    }

    private int countUp(List<NodeId> nodes) {
        int up = 0;
        for (NodeId node : nodes) {
            up += ports.peers().isDown(node) ? 0 : 1;
        }
        return up;
    }

    /**
     * Looks for silent replicas then, unless that is arranged; an idle node has no timer for it.
     */
    private void standInLater(long millis) {
        if (standInTimer == null) {
            standInTimer = ports.scheduler().after(millis, this::standInForSilent);
        }
    }

    private void standInForSilent() {
        standInTimer = null;
        while (!watched.isEmpty() && isSilent(watched.peek().sinceNanos)) {
            WriteOperation operation = watched.remove().operation;
            if (operation.standInsForSilent()) {
                watched.add(new Watched(operation, nanos()));
            }
        }
        if (!watched.isEmpty()) {
            standInLater(STAND_IN_CHECK_MILLIS);
        }
    }

    // What follows is the operations' side.

    void finished(WriteOperation operation, WriteOutcome outcome) {
        counters.inFlightBytes -= operation.bytes();
        counters.wrote(operation.mode(), outcome, nanos() - operation.startedNanos());
    }

    /** Whether a replica that was asked then, and has not answered, has had its time. */
    boolean isSilent(long askedNanos) {
        return nanos() - askedNanos >= options.standInAfterMillis() * 1_000_000;
    }

    void send(
            NodeId to,
            Request request,
            Priority priority,
            long timeoutMillis,
            Consumer<Reply> onReply) {
        ports.transport().send(to, request, priority, timeoutMillis, onReply);
    }

    /**
     * Whether an operation may send no cell any more; see {@link CoordinatorOptions}. While a
     * machine sleeps its monotonic clock stands still, and only the wall clock tells how long that
     * was.
     */
    boolean isTooOld(long startedNanos, long startedMillis) {
        return nanos() - startedNanos > options.maxOperationMillis() * 1_000_000
                || wallMillis() - startedMillis > options.maxOperationMillis();
    }

    /** Has a node keep a hint; {@code stored} tells whether it is durable. */
    void requestHint(
            NodeId holder, Request.Write hint, long timeoutMillis, Consumer<Boolean> stored) {
        send(
                holder,
                hint,
                Priority.CLIENT,
                timeoutMillis,
                reply -> stored.accept(reply instanceof Reply.Written));
    }

    /** Whether a repair that no read awaits may be sent. */
    boolean backgroundRepairStarts(Version version) {
        if (wallMillis() - version.wallMillis() < options.youngMillis()) {
            return false;
        }
        if (counters.backgroundRepairs >= options.maxBackgroundRepairs()) {
            counters.repairsSkipped++;
            return false;
        }
        counters.backgroundRepairs++;
        return true;
    }

    void backgroundRepairEnded() {
        counters.backgroundRepairs--;
    }

    /** Tries again in a moment what {@link Peers#mayStamp} has not allowed yet. */
    void whenMoreMayBeStamped(Runnable task) {
        ports.scheduler().after(STAMP_CHECK_MILLIS, task);
    }

    Version nextVersion() {
        return new Version(ports.hlc().next(), self, ports.incarnation());
    }

    void observe(Version version) {
        ports.hlc().observe(version.timestamp());
    }

    long nanos() {
        return ports.clock().monotonicNanos();
    }

    long wallMillis() {
        return ports.clock().wallMillis();
    }

    boolean isStrict(OperationOptions how, int otherQuorum) {
        return how.mode() == Mode.STRICT && how.quorum() + otherQuorum > config.n();
    }

    Peers peers() {
        return ports.peers();
    }

    Ring ring() {
        return ring;
    }

    ClusterConfig config() {
        return config;
    }

    NodeId self() {
        return self;
    }

    Counters counters() {
        return counters;
    }
}

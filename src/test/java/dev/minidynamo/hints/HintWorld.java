package dev.minidynamo.hints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.env.Clock;
import dev.minidynamo.hints.HintLossListener.Loss;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.membership.MembershipOptions;
import dev.minidynamo.membership.MembershipPorts;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.DataMark;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Reply.Failure;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Transport;
import dev.minidynamo.sim.SimDisk;
import dev.minidynamo.sim.SimLife;
import dev.minidynamo.sim.SimLoop;
import dev.minidynamo.sim.SimRandom;
import dev.minidynamo.sim.SimWorker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** One node that holds hints, and the targets they are for, in virtual time. */
final class HintWorld implements Clock, Transport {

    static final long WALL_START = 1_700_000_000_000L;
    static final NodeId SELF = new NodeId("n1");
    static final NodeId N2 = new NodeId("n2");
    static final NodeId N3 = new NodeId("n3");
    private static final List<NodeId> RING = List.of(SELF, N2, N3);

    final SimLoop loop = new SimLoop();
    SimDisk disk;
    HintOptions options = HintOptions.defaults();
    final Map<NodeId, Target> targets = new TreeMap<>();
    final List<String> losses = new ArrayList<>();
    final List<String> fatal = new ArrayList<>();
    long wallOffsetMillis;
    long counter;
    long forces;
    SimLife life = new SimLife("none");
    @Nullable Membership membership;
    @Nullable HintManager manager;
    @Nullable IOException refusedToStart;

    HintWorld(long seed) {
        disk = new SimDisk(new SimRandom(seed));
        countForces();
        targets.put(N2, new Target());
        targets.put(N3, new Target());
    }

    private void countForces() {
        disk.setFaults((operation, path, ordinal) -> {
            forces += operation == SimDisk.Operation.FORCE ? 1 : 0;
            return null;
        });
    }

    /** Whether the node is a replica of every key, or of none. */
    boolean isReplica = true;

    /** The copies of the node itself, and whether its store takes more. */
    final OwnStore own = new OwnStore();

    /** The store of the node that holds the hints. */
    final class OwnStore implements OwnCopies {
        final Map<Key, Cell> held = new TreeMap<>();
        boolean full;

        @Override
        public boolean isReplica(Key key) {
            return isReplica;
        }

        @Override
        public boolean mayTake() {
            return true;
        }

        @Override
        public void take(Key key, Cell cell, Consumer<Boolean> taken) {
            loop.at(
                    loop.nowNanos() + 1_000_000,
                    life,
                    () -> {
                        if (!full) {
                            held.put(key, cell);
                        }
                        taken.accept(!full);
                    });
        }
    }

    /** A node that hints are for. */
    static final class Target {
        boolean alive;
        boolean silent;
        long delayNanos = 1_000_000;
        Reply.@Nullable Refused refusal;
        final Map<Key, Cell> held = new TreeMap<>();
        int writes;
        int mostUnderWay;
        int underWay;
    }

    Target target(NodeId id) {
        return targets.get(id);
    }

    HintManager hints() {
        return manager;
    }

    static HintWorld started() {
        HintWorld world = new HintWorld(1);
        assertThat(world.start()).isTrue();
        return world;
    }

    /** Starts the process and waits until it holds its hints. */
    boolean start() {
        life = new SimLife("n1");
        manager = null;
        refusedToStart = null;
        membership =
                new Membership(
                        SELF,
                        RING,
                        new MembershipPorts(this, loop.scheduler(life), this),
                        MembershipOptions.defaults());
        HintPorts ports =
                new HintPorts(
                        disk,
                        new SimWorker(loop, life, disk),
                        this,
                        loop.scheduler(life),
                        this,
                        membership,
                        own,
                        fatal::add);
        loop.at(
                loop.nowNanos(),
                life,
                () -> {
                    membership.start();
                    HintManager.open(
                            ports, options, this::opened, failure -> refusedToStart = failure);
                });
        loop.runUntil(() -> manager != null || refusedToStart != null || life.ended(), 60_000);
        return manager != null;
    }

    private void opened(HintManager opened) {
        manager = opened;
        opened.onLoss((target, key, loss) -> losses.add(target + " " + key + " " + loss));
    }

    long lost(Loss loss) {
        return losses.stream().filter(l -> l.endsWith(" " + loss)).count();
    }

    void kill() {
        life.end();
        disk.killProcess();
    }

    void losePower() {
        life.end();
        disk.losePower();
    }

    Version version() {
        return new Version(Version.timestampOf(wallMillis()) + ++counter, SELF, 7);
    }

    Cell.Live cell(String text) {
        return new Cell.Live(
                version(), text.getBytes(StandardCharsets.UTF_8), "text/plain", Cell.NEVER);
    }

    /** Stores a hint and waits for its outcome; null if the process died before. */
    @Nullable HintResult store(NodeId target, String key, Cell cell) {
        List<HintResult> results = new ArrayList<>();
        storeLater(target, key, cell, results::add);
        loop.runUntil(() -> !results.isEmpty() || life.ended(), 10_000);
        return results.isEmpty() ? null : results.getFirst();
    }

    void storeLater(NodeId target, String key, Cell cell, Consumer<HintResult> done) {
        loop.at(loop.nowNanos(), life, () -> manager.store(target, Key.utf8(key), cell, done));
    }

    /**
     * Stores hints for {@code key<from>} to {@code key<to - 1>}, and waits until all are durable.
     */
    void storeMany(NodeId target, int from, int to) {
        int[] stored = {0};
        for (int i = from; i < to; i++) {
            storeLater(
                    target,
                    "key" + i,
                    cell("value" + i),
                    result -> {
                        assertThat(result).isInstanceOf(HintResult.Stored.class);
                        stored[0]++;
                    });
        }
        assertThat(loop.runUntil(() -> stored[0] == to - from, 60_000)).isTrue();
    }

    /** Waits until no hint is held any more. */
    boolean drained(long millis) {
        return loop.runUntil(() -> manager.status().count() == 0, millis);
    }

    HintStatus.Target status(NodeId target) {
        return manager.status().targets().stream()
                .filter(t -> t.target().equals(target))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public long wallMillis() {
        return WALL_START + loop.nowMillis() + wallOffsetMillis;
    }

    @Override
    public long monotonicNanos() {
        return loop.nowNanos();
    }

    @Override
    public void send(
            NodeId to,
            Request request,
            Priority priority,
            long timeoutMillis,
            Consumer<Reply> onReply) {
        Target target = target(to);
        SimLife mine = life;
        boolean write = request instanceof Request.Write;
        if (write) {
            target.underWay++;
            target.mostUnderWay = Math.max(target.mostUnderWay, target.underWay);
        }
        long delay = target.delayNanos;
        loop.at(
                loop.nowNanos() + (target.silent ? timeoutMillis * 1_000_000 : delay),
                mine,
                () -> {
                    if (write) {
                        target.underWay--;
                    }
                    onReply.accept(answer(target, request));
                });
    }

    private Reply answer(Target target, Request request) {
        if (target.silent) {
            return new Reply.Failed(Failure.TIMEOUT, "");
        }
        if (!target.alive) {
            return new Reply.Failed(Failure.UNREACHABLE, "refused");
        }
        return switch (request) {
            case Request.Ping ping ->
                    new Reply.Pong(WALL_START + loop.nowMillis(), true, -1, DataMark.NONE);
            case Request.Write write ->
                    target.refusal == null ? take(target, write) : target.refusal;
            default -> throw new IllegalStateException("unexpected " + request);
        };
    }

    private static Reply take(Target target, Request.Write write) {
        target.writes++;
        Cell held = target.held.get(write.key());
        if (held != null && held.version().isNewerThan(write.cell().version())) {
            return new Reply.Superseded(held.version());
        }
        target.held.put(write.key(), write.cell());
        return new Reply.Written();
    }
}

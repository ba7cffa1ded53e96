package dev.minidynamo.sim;

import dev.minidynamo.env.DiskFullException;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.node.Node;
import dev.minidynamo.node.NodePorts;
import dev.minidynamo.protocol.BatchAnswer;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.RequestBatch;
import dev.minidynamo.protocol.WireIdentity;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/** A node of the simulation: its disk and clock stay, its processes come and go. */
final class SimNode implements SimNetwork.Station {

    private static final long RESTART_MILLIS = 400;
    private static final long NEW_RING_MILLIS = 100;
    private static final long START_NANOS = 5_000_000_000L;

    /** How a process ends. */
    enum End {
        KILL,
        POWER_LOSS,
        EXIT
    }

    final int index;
    final NodeId id;
    final SimClock clock;
    final DiskFaults faults = new DiskFaults();

    private final SimCluster cluster;
    private final SimRandom random;
    private SimDisk disk;
    private SimLife life;
    private Node node;
    private Node last;
    private Blueprint.Admission admission;
    private SimWorkers workers;
    private boolean ready;
    private boolean otherRing;
    private int ring;
    private int startedOn;
    private final BitSet countedOn = new BitSet();
    private boolean awaitsRestart;
    private boolean healed;
    private End crashEnd = End.POWER_LOSS;
    private int lives;
    private int failedStarts;
    private long interruptedNanos = -1;
    private long bootedNanos;
    private boolean everReady;

    SimNode(SimCluster cluster, int index, SimRandom random) {
        this.cluster = cluster;
        this.index = index;
        this.id = Shape.id(index);
        this.random = random;
        this.clock = new SimClock(cluster.loop);
        this.disk = new SimDisk(random.split());
        this.life = new SimLife(id + "#0");
        life.end();
    }

    SimDisk disk() {
        return disk;
    }

    /** The running node, or null while there is none that is ready. */
    Node node() {
        return ready && !life.ended() ? node : null;
    }

    /** The node that runs or, without one, that ran last; null before the first. */
    Node last() {
        return last;
    }

    /** Whether the node is on a ring of its own. */
    boolean hasOtherRing() {
        return otherRing;
    }

    /** The number of the ring that it is to be on, whether or not its file is another one. */
    int ring() {
        return ring;
    }

    /** Whether it has counted in reads on this ring, so that it knows what it did not own there. */
    boolean hasCountedOn(int number) {
        return countedOn.get(number);
    }

    /** The node as soon as its files are open; null without a process. */
    Node opened() {
        return life.ended() ? null : node;
    }

    SimLife life() {
        return life;
    }

    /** The last moment at which the process ended, was paused or went on. */
    long interruptedNanos() {
        return interruptedNanos;
    }

    /** Jobs that wait for the disk. */
    int backlog() {
        return life.ended() ? 0 : workers.backlog();
    }

    /**
     * Runs {@code then} once the process has run for so long, and its logs' workers have ended all
     * that they had to do by then.
     */
    void afterJobsOf(long millis, Runnable then) {
        long end = cluster.loop.nowNanos() + millis * 1_000_000;
        cluster.loop.at(end + 1, life, () -> workers.afterJobsOfLogsSoFar(then));
    }

    // ---- life and death

    void boot() {
        if (!life.ended() || !cluster.isOn(ring, this)) {
            return;
        }
        awaitsRestart = false;
        bootedNanos = cluster.loop.nowNanos();
        lives++;
        life = new SimLife(id + "#" + lives, () -> ended(crashEnd));
        node = null;
        ready = false;
        startedOn = otherRing ? -1 : ring;
        disk.setFaults(faults);
        SimLife current = life;
        workers = new SimWorkers(worker(), worker(), worker());
        ClusterConfig config = otherRing ? cluster.shape.otherConfig(index) : cluster.config(ring);
        NodePorts ports =
                new NodePorts(
                        clock,
                        cluster.loop.scheduler(current),
                        disk,
                        workers.log(),
                        workers.hints(),
                        workers.background(),
                        random.split(),
                        cluster.network.transport(id, current),
                        this::fatal,
                        progress -> {});
        cluster.trace.add(10, index, () -> id + " starts, life " + lives);
        cluster.loop.at(
                cluster.loop.nowNanos(),
                current,
                () ->
                        cluster.blueprint
                                .assembly(
                                        SimOptions.node(
                                                id, config, comparison(), cluster.shape.sync()),
                                        ports,
                                        SimCluster.ring(config))
                                .assemble(assembled -> run(assembled, config), this::notStarted));
    }

    /** A node that starts after the heal compares, if nodes ever do. */
    private Shape.Comparison comparison() {
        Shape.Comparison comparison = cluster.shape.comparison();
        return comparison == Shape.Comparison.AFTER_HEAL && healed
                ? Shape.Comparison.ALWAYS
                : comparison;
    }

    private SimWorker worker() {
        return new SimWorker(cluster.loop, life, disk, this::jobNanos);
    }

    private long jobNanos() {
        return 10_000 + random.nextInt(40_000);
    }

    private void run(Node assembled, ClusterConfig config) {
        node = assembled;
        last = assembled;
        admission = cluster.blueprint.admission(assembled, config);
        cluster.watch.opened(this, assembled);
        assembled.start(() -> {
            ready = true;
            everReady = true;
            failedStarts = 0;
            cluster.watch.clients().nodeReady(this);
            cluster.trace.add(11, index, () -> id + " is ready");
        });
    }

    private void notStarted(IOException failure) {
        failedStarts++;
        cluster.trace.add(12, index, () -> id + " does not start: " + failure);
        Violation.check(
                !(failure instanceof DiskFullException) || !everReady || isLost(),
                "P9",
                () -> id + " does not start on a full disk: " + failure);
        end(End.EXIT);
    }

    /** P9: a process that has started is ready soon, also on a full disk. */
    void checkStarted() {
        long since = cluster.loop.nowNanos() - Math.max(bootedNanos, interruptedNanos);
        boolean slow = cluster.slowDisks || isLost() || life.ended() || paused();
        Violation.check(
                ready || slow || since < START_NANOS,
                "P9",
                () -> id + " is not ready on a full disk, " + since / 1_000_000 + " ms after");
    }

    private boolean isLost() {
        return cluster.watch.isLost(this);
    }

    private void fatal(String why) {
        cluster.trace.add(13, index, () -> id + " stops for good: " + why);
        Violation.check(
                faults.gaveAny() || isLost(),
                "P9",
                () -> id + " stops, though its disk gave no error: " + why);
        crashEnd = End.EXIT;
        throw new SimCrash(why);
    }

    /** Lets the process end at a disk operation that is so many operations away. */
    void endAtDiskOperation(long away, End how) {
        crashEnd = how;
        disk.crashAtOperation(disk.operations() + away);
    }

    /** Ends the process; it comes back by itself unless {@link #boot} is called before. */
    void end(End how) {
        if (!life.ended()) {
            life.end();
            ended(how);
        }
    }

    private void ended(End how) {
        cluster.trace.add(14, index, () -> id + " ended by " + how);
        crashEnd = End.POWER_LOSS;
        interruptedNanos = cluster.loop.nowNanos();
        if (startedOn >= 0 && node != null && node.antiEntropy().synchronised()) {
            countedOn.set(startedOn);
        }
        if (how == End.POWER_LOSS) {
            disk.losePower();
            cluster.watch.powerLost(this);
        } else {
            disk.killProcess();
        }
        cluster.watch.ended(this);
        cluster.network.processEnded(id);
        bootAfter(RESTART_MILLIS);
    }

    /** Keeps the process away for at least {@code millis}. */
    void bootAfter(long millis) {
        awaitsRestart = true;
        int before = lives;
        cluster.after(
                millis,
                () -> {
                    if (awaitsRestart && lives == before && !isHeldDown()) {
                        boot();
                    }
                });
    }

    private long heldDownUntil;

    /** Ends the process and keeps it from coming back for at least {@code millis}. */
    void endFor(End how, long millis) {
        heldDownUntil = Math.max(heldDownUntil, cluster.loop.nowMillis() + millis);
        end(how);
        cluster.after(
                millis,
                () -> {
                    if (!isHeldDown()) {
                        boot();
                    }
                });
    }

    private boolean isHeldDown() {
        return cluster.loop.nowMillis() < heldDownUntil;
    }

    /** The machine sleeps for a while: a pause that its monotonic clock knows nothing of. */
    void sleep(long millis) {
        cluster.after(millis, () -> clock.stoodStill(millis));
        pause(millis);
    }

    void pause(long millis) {
        SimLife current = life;
        if (current.ended() || current.paused()) {
            return;
        }
        current.pause();
        interruptedNanos = cluster.loop.nowNanos();
        cluster.after(
                millis,
                () -> {
                    interruptedNanos = cluster.loop.nowNanos();
                    current.resume(cluster.loop);
                });
    }

    /** Whether the process is paused right now. */
    boolean paused() {
        return !life.ended() && life.paused();
    }

    void useOtherRing(boolean other) {
        otherRing = other;
    }

    /** Restarts with the newest ring, unless it has it already. */
    void takeNewestRing() {
        if (ring < cluster.newestRing()) {
            ring = cluster.newestRing();
            endFor(End.KILL, NEW_RING_MILLIS);
        }
    }

    /** Puts in another disk; the process must have ended. */
    void replaceDisk(SimDisk other) {
        disk = other;
    }

    SimDisk copyOfDisk() {
        return SimDisk.copyOf(disk, random.split());
    }

    /** Ends whatever is wrong with the machine. */
    void heal() {
        heldDownUntil = 0;
        healed = true;
        clock.correct();
        faults.clear();
        disk.setCapacityBytes(Long.MAX_VALUE);
        disk.setLatency(140_000, 2_000);
        disk.crashAtOperation(Long.MAX_VALUE);
        if (otherRing || ring < cluster.newestRing()) {
            otherRing = false;
            ring = cluster.newestRing();
            end(End.KILL);
        }
        if (!life.ended() && life.paused()) {
            interruptedNanos = cluster.loop.nowNanos();
            life.resume(cluster.loop);
        }
        if (opened() != null) {
            opened().antiEntropy().setEnabled(comparison() == Shape.Comparison.ALWAYS);
        }
        boot();
    }

    // ---- the network's side

    @Override
    public SimLife listening() {
        return ready && !life.ended() ? life : null;
    }

    @Override
    public WireIdentity identity() {
        return node.identity();
    }

    @Override
    public void receive(RequestBatch batch, Consumer<BatchAnswer> answer) {
        BatchAnswer.Refusal refusal = admission.refusal(batch);
        if (refusal != null) {
            answer.accept(refusal);
            return;
        }
        Node current = node;
        current.identity().observe(batch.header());
        current.handler()
                .handle(
                        batch.header().sender(),
                        batch.items().getFirst().request(),
                        reply -> answer.accept(replies(current, reply)));
    }

    private static BatchAnswer replies(Node current, Reply reply) {
        return new BatchAnswer.Replies(current.identity().header(), List.of(reply));
    }
}

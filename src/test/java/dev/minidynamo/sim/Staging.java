package dev.minidynamo.sim;

import dev.minidynamo.wal.SyncMode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Adds to a scenario the faults that make its theme. */
final class Staging {

    /** How many nodes may be down without a refusal, so that a request has the time to notice. */
    private static final int MOST_SILENT = 2;

    private final SimRandom random;
    private final Shape shape;
    private final List<Step> steps;
    private final Workload workload;
    private int removalsLeft;

    Staging(SimRandom random, Shape shape, List<Step> steps, Workload workload) {
        this.random = random;
        this.shape = shape;
        this.steps = steps;
        this.workload = workload;
    }

    /** The faults that make the theme. */
    void stage(Theme theme, int removals) {
        removalsLeft = removals;
        switch (theme) {
            case ANYTHING -> {}
            case HINTS_ALONE -> restartHolders();
            case FORGETTING -> {
                if (random.nextInt(3) == 0) {
                    holdWrites();
                } else {
                    missDeletes();
                }
            }
            case SKEWED_CLOCKS -> skewClocks();
            case LATE_WRITES -> slowWriter();
            case LOST_DISK -> loseDisk();
            case NEW_RING -> changeRing();
            case LAST_HOLDER -> takeOutAllHoldersButOne();
            case BLANK_RESTARTS -> restartBlank();
            case AWAY -> leaveWithHints();
            case SOME_DOWN -> takeDownSome();
            case OVERLOAD -> overload();
        }
    }

    /** Power fails while much is not forced: soon after a node is back, and perhaps everywhere. */
    void losePower(SyncMode.Interval sync) {
        for (int times = 1 + random.nextInt(4); times > 0; times--) {
            int node = random.nextInt(shape.nodes());
            FaultKind away = random.nextInt(2) == 0 ? FaultKind.ISOLATE : FaultKind.POWER_LOSS;
            long at = random.nextInt((int) shape.activeMillis());
            long millis = 100 + random.nextInt(3_000);
            add(at, away, node, 0, millis, 0);
            long again = at + millis + random.nextInt(500 + (int) sync.millis());
            add(again - random.nextInt(100), FaultKind.COMPACT, node, 0, 0, 0);
            FaultKind loss =
                    random.nextInt(3) == 0 ? FaultKind.RESTART_STORM : FaultKind.POWER_LOSS;
            add(again, loss, node, 0, 100, 0);
        }
    }

    /** In the longer of these scenarios the last node is away until all others have restarted. */
    private void restartHolders() {
        if (shape.activeMillis() < ScenarioGenerator.HOLDERS_RESTART_MILLIS) {
            return;
        }
        int last = shape.nodes() - 1;
        long from = random.nextInt(3_000);
        add(
                from,
                FaultKind.ISOLATE,
                last,
                0,
                ScenarioGenerator.HOLDERS_RESTART_MILLIS + 2_000 - from,
                0);
        for (int node = 0; node < last; node++) {
            FaultKind end = random.nextInt(2) == 0 ? FaultKind.KILL : FaultKind.POWER_LOSS;
            long at = ScenarioGenerator.HOLDERS_RESTART_MILLIS + random.nextInt(500);
            add(at, end, node, last, 100 + random.nextInt(500), 0);
        }
    }

    private void missDeletes() {
        int node = random.nextInt(shape.nodes());
        FaultKind away = random.nextInt(2) == 0 ? FaultKind.ISOLATE : FaultKind.KILL;
        long millis = SimOptions.HINT_AGE_MILLIS + 2_000 + random.nextInt(3_000);
        add(200 + random.nextInt(800), away, node, 0, millis, 0);
    }

    /** What one node sends another arrives when the deletes that came after it have been reaped. */
    private void holdWrites() {
        int node = random.nextInt(shape.nodes());
        int other = (node + 1 + random.nextInt(shape.nodes() - 1)) % shape.nodes();
        long late = SimOptions.GRACE_MILLIS + 5_000 + random.nextInt(5_000);
        add(0, FaultKind.HOLD, node, other, 4_000, late);
    }

    private void skewClocks() {
        for (int node = 0; node < shape.nodes(); node++) {
            long error = random.nextInt(400) - 200L;
            add(0, FaultKind.CLOCK_JUMP, node, 0, shape.activeMillis(), error);
        }
        int node = random.nextInt(shape.nodes());
        long at = 1_000 + random.nextInt((int) shape.activeMillis() - 1_000);
        long back = 200 + random.nextInt(300);
        add(at, FaultKind.CLOCK_BACK_AT_RESTART, node, 0, shape.activeMillis(), back);
        workload.addWritesAround(at, node);
    }

    private void loseDisk() {
        int behind = random.nextInt(shape.nodes());
        int blank = (behind + 1 + random.nextInt(shape.nodes() - 1)) % shape.nodes();
        long back = ScenarioGenerator.DISK_LOST_MILLIS + random.nextInt(200);
        add(200, FaultKind.ISOLATE, behind, 0, back - 200, 0);
        int whole = shape.nodes() - behind - blank;
        long slowMillis = random.nextInt(500);
        add(
                ScenarioGenerator.DISK_LOST_MILLIS,
                FaultKind.SLOW_LINK,
                behind,
                whole,
                2_000,
                slowMillis);
        long lost = ScenarioGenerator.DISK_LOST_MILLIS - random.nextInt(200);
        long downMillis = 50 + random.nextInt(200);
        if (random.nextInt(2) == 0) {
            add(lost, FaultKind.WIPE, blank, behind, downMillis, 0);
        } else {
            long copied = 50 + random.nextInt(1_000);
            add(copied, FaultKind.OLD_BACKUP, blank, behind, lost - copied, 0);
        }
    }

    /** Nodes are added and taken out, once or twice; one that is taken out may be away before. */
    private void changeRing() {
        long members = shape.firstMembers();
        int next = shape.nodes() - shape.spares();
        long at = 1_000;
        for (int change = 1 + random.nextInt(2); change > 0; change--) {
            at += random.nextInt((int) shape.activeMillis() / 3);
            if (next < shape.nodes() && random.nextInt(3) != 0) {
                members |= 1L << next++;
            }
            int out = random.nextInt(next);
            boolean enough = Long.bitCount(members) > shape.n();
            if (removalsLeft > 0 && enough && (members >>> out & 1) == 1) {
                removalsLeft--;
                members &= ~(1L << out);
                long away = random.nextInt((int) at);
                FaultKind how = random.nextInt(2) == 0 ? FaultKind.ISOLATE : FaultKind.KILL;
                add(at - away, how, out, 0, away + 1_000, 0);
            }
            long millis = random.nextInt(2) == 0 ? 0 : random.nextInt(6_000);
            steps.add(new Step.NewRing(at, members, millis));
        }
    }

    private void takeOutAllHoldersButOne() {
        List<Integer> holders = shape.byOwnership(0).subList(0, 2);
        int behind = shape.byOwnership(0).get(2);
        int last = holders.get(random.nextInt(2));
        int out = holders.get(0) + holders.get(1) - last;
        long at = ScenarioGenerator.HOLDER_LEAVES_MILLIS;
        add(100, FaultKind.ISOLATE, behind, out, at, 0);
        long away = SimOptions.GRACE_MILLIS + 1_000 + random.nextInt(3_000);
        add(at - 300, FaultKind.KILL, last, out, away, 0);
        steps.add(new Step.NewRing(at, shape.firstMembers() & ~(1L << out), random.nextInt(200)));
    }

    private void restartBlank() {
        int behind = random.nextInt(shape.nodes());
        int blank = (behind + 1 + random.nextInt(shape.nodes() - 1)) % shape.nodes();
        int lost = ScenarioGenerator.DISK_LOST_MILLIS - 1_200;
        long back = ScenarioGenerator.DISK_LOST_MILLIS + random.nextInt(200);
        add(200, FaultKind.ISOLATE, behind, 0, back - 200, 0);
        add(lost, FaultKind.WIPE, blank, behind, 50, 0);
        add(lost, FaultKind.ISOLATE, blank, behind, ScenarioGenerator.DISK_LOST_MILLIS - lost, 0);
        int restarts = 1 + random.nextInt(3);
        for (int i = 1; i <= restarts; i++) {
            FaultKind end = random.nextInt(2) == 0 ? FaultKind.KILL : FaultKind.POWER_LOSS;
            long at = lost + i * 300L + random.nextInt(200);
            add(at, end, blank, behind, 20 + random.nextInt(80), 0);
        }
    }

    private void leaveWithHints() {
        int target = random.nextInt(shape.nodes());
        int holder = (target + 1 + random.nextInt(shape.nodes() - 1)) % shape.nodes();
        add(100, FaultKind.ISOLATE, target, holder, ScenarioGenerator.HINTS_FOR_MILLIS, 0);
        FaultKind[] ways = {FaultKind.ISOLATE, FaultKind.KILL, FaultKind.PAUSE};
        FaultKind away = ways[random.nextInt(ways.length)];
        long from = ScenarioGenerator.HINTS_FOR_MILLIS - random.nextInt(300);
        long millis = SimOptions.GRACE_MILLIS + 2_000 + random.nextInt(4_000);
        add(from, away, holder, target, millis, 0);
        workload.addAfterPause(from + millis, holder);
    }

    private void overload() {
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            long at = 1_000 + random.nextInt((int) shape.activeMillis() - 3_000);
            workload.addBurst(at, 50 + random.nextInt(300));
            int slow = random.nextInt(shape.nodes() + 1);
            for (int i = 0; i < slow; i++) {
                int node = (times + i) % shape.nodes();
                add(at - 500, FaultKind.SLOW_DISK, node, 0, 2_500, 50 + random.nextInt(1_000));
            }
        }
    }

    /** Nodes that are never down are asked for no more than the healthy ones can do (P3). */
    private void takeDownSome() {
        List<Integer> healthy = new ArrayList<>(IntStream.range(0, shape.nodes()).boxed().toList());
        int most = shape.nodes() - shape.w();
        int down = most == 0 ? 0 : 1 + random.nextInt(most);
        List<Long> moments = new ArrayList<>(List.of(1_000L));
        for (int i = 0; i < down; i++) {
            takeDown(healthy.remove(random.nextInt(healthy.size())), i < MOST_SILENT, moments);
        }
        for (int key = 0; key < shape.keys(); key++) {
            workload.addServed(500, Step.Verb.PUT, any(healthy), key, true);
        }
        for (int i = 0; i < 40 + 10 * moments.size(); i++) {
            long late = random.nextInt(i < 40 ? (int) shape.activeMillis() - 3_000 : 800);
            askFor(moments.get(i < 40 ? 0 : i % moments.size()) + late, healthy);
        }
    }

    private void askFor(long at, List<Integer> healthy) {
        int key = random.nextInt(shape.keys());
        List<Integer> owners = new ArrayList<>(shape.byOwnership(key).subList(0, shape.n()));
        owners.retainAll(healthy);
        boolean reads = owners.size() >= shape.r() && random.nextInt(2) == 0;
        int least = reads ? Math.max(shape.r(), shape.w()) : shape.w();
        boolean strict = owners.size() >= least && random.nextInt(2) == 0;
        workload.addServed(at, reads ? Step.Verb.GET : Step.Verb.PUT, any(healthy), key, strict);
    }

    private int any(List<Integer> nodes) {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private void takeDown(int node, boolean silent, List<Long> moments) {
        FaultKind[] kinds = {
            FaultKind.KILL,
            FaultKind.POWER_LOSS,
            FaultKind.DISK_FULL,
            FaultKind.PAUSE,
            FaultKind.ISOLATE,
            FaultKind.SLOW_DISK
        };
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            FaultKind kind = kinds[random.nextInt(silent ? kinds.length : 3)];
            long at = 1_500 + random.nextInt((int) shape.activeMillis() - 4_000);
            long amount = random.nextInt(kind == FaultKind.SLOW_DISK ? 1_500 : 500);
            add(at, kind, node, 0, 100 + random.nextInt(6_000), amount);
            moments.add(at);
        }
    }

    private void slowWriter() {
        List<Integer> owners = shape.byOwnership(0).subList(0, shape.n());
        int writer = shape.byOwnership(0).getLast();
        int fast = owners.get(random.nextInt(owners.size()));
        for (int node : owners) {
            if (node != fast) {
                long late = 100 + random.nextInt(800);
                add(0, FaultKind.SLOW_LINK, writer, node, shape.activeMillis(), late);
            }
        }
    }

    private void add(long at, FaultKind kind, int node, int other, long millis, long amount) {
        steps.add(new Step.Fault(at, kind, node, other, millis, amount));
    }
}

package dev.minidynamo.sim;

import dev.minidynamo.sim.Shape.Comparison;
import dev.minidynamo.sim.Shape.Traffic;
import dev.minidynamo.wal.SyncMode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Draws a scenario from a seed: a theme and a shape, then a random subset of the fault menu at
 * random rates (Groce et al., "Swarm testing", ISSTA 2012), then what the clients do.
 *
 * <p>At most W−1 disks are destroyed, so that every promise holds in every scenario. A disk that
 * fails to read counts as one: a record that cannot be read is given up for what the others hold;
 * so does a node that is taken out of the ring.
 */
final class ScenarioGenerator {

    private static final Set<FaultKind> DESTROYS =
            EnumSet.of(
                    FaultKind.READ_ERROR,
                    FaultKind.BIT_FLIP,
                    FaultKind.UNREADABLE_SECTOR,
                    FaultKind.LOST_FILE,
                    FaultKind.MISPLACED_BLOCK,
                    FaultKind.MISDIRECTED_WRITE,
                    FaultKind.WIPE,
                    FaultKind.OLD_BACKUP);

    private static final Set<FaultKind> ENDS_PROCESS =
            EnumSet.of(FaultKind.KILL, FaultKind.POWER_LOSS);

    /** When the holders of hints restart, if hints alone are to converge. */
    static final long HOLDERS_RESTART_MILLIS = 11_000;

    /** When a node loses its disk, in scenarios that are about it. */
    static final int DISK_LOST_MILLIS = 2_500;

    /** When a holder is taken out of the ring, in scenarios that are about the last one. */
    static final int HOLDER_LEAVES_MILLIS = 2_500;

    /** Until when hints are written, in scenarios that are about a holder that is away. */
    static final int HINTS_FOR_MILLIS = 2_500;

    /** How long clients ask for too much at the least, in scenarios that are about it. */
    static final int OVERLOAD_MILLIS = 6_000;

    /** How long nodes come and go at the least, in scenarios that are about it. */
    static final int SOME_DOWN_MILLIS = 8_000;

    private final long seed;
    private final SimRandom random;
    private final SimRandom late; // of its own, so that the others' scenarios stay
    private final List<Step> steps = new ArrayList<>();
    private int destructionsLeft;
    private int removalsLeft;
    private long lastsMillis;
    private Workload workload;

    private ScenarioGenerator(long seed) {
        this.seed = seed;
        this.random = new SimRandom(seed);
        this.late = new SimRandom(~seed);
    }

    /** A scenario with any faults. */
    static Scenario of(long seed) {
        return new ScenarioGenerator(seed).generate(EnumSet.allOf(FaultKind.class));
    }

    /** A scenario with faults out of {@code menu} alone. */
    static Scenario of(long seed, Set<FaultKind> menu) {
        return new ScenarioGenerator(seed).generate(menu);
    }

    private Scenario generate(Set<FaultKind> all) {
        Theme theme = theme();
        Shape shape = shape(theme);
        Set<FaultKind> menu = EnumSet.copyOf(theme.menu);
        menu.retainAll(all);
        destructionsLeft = shape.w() - 1;
        if (theme == Theme.NEW_RING) {
            removalsLeft = random.nextInt(destructionsLeft + 1);
            destructionsLeft -= removalsLeft;
        } else if (theme == Theme.LAST_HOLDER) {
            destructionsLeft = 0;
        }
        Set<FaultKind> chosen = EnumSet.noneOf(FaultKind.class);
        int inclusion = 5 + random.nextInt(30);
        for (FaultKind kind : FaultKind.values()) {
            if (random.nextInt(100) < inclusion && menu.contains(kind)) {
                chosen.add(kind);
            }
        }
        workload = new Workload(random, theme, shape, steps);
        workload.addAll();
        if (!chosen.isEmpty()) {
            List<FaultKind> kinds = List.copyOf(chosen);
            int faults = 1 + random.nextInt(10);
            for (int i = 0; i < faults; i++) {
                fault(theme, shape, kinds.get(random.nextInt(kinds.size())));
            }
        }
        if (all.containsAll(theme.menu)) {
            new Staging(random, shape, steps, workload).stage(theme, removalsLeft);
            losePower(shape);
        }
        steps.sort(Comparator.comparingLong(Step::atMillis));
        return new Scenario(seed, shape.lasting(lastsMillis), steps);
    }

    /** Not after an old backup, which passes for the last data once its peers have restarted. */
    private void losePower(Shape shape) {
        boolean backup =
                steps.stream()
                        .anyMatch(
                                s -> s instanceof Step.Fault f && f.kind() == FaultKind.OLD_BACKUP);
        if (shape.sync() instanceof SyncMode.Interval interval && !backup) {
            new Staging(late, shape, steps, workload).losePower(interval);
        }
    }

    private Theme theme() {
        return switch (random.nextInt(24)) {
            case 0, 1 -> Theme.HINTS_ALONE;
            case 2, 3 -> Theme.FORGETTING;
            case 4 -> Theme.SKEWED_CLOCKS;
            case 5, 6 -> Theme.LATE_WRITES;
            case 7, 8 -> Theme.LOST_DISK;
            case 9, 10 -> Theme.NEW_RING;
            case 11 -> Theme.BLANK_RESTARTS;
            case 12 -> Theme.AWAY;
            case 13 -> Theme.LAST_HOLDER;
            case 14, 15 -> Theme.SOME_DOWN;
            case 16 -> Theme.OVERLOAD;
            default -> Theme.ANYTHING;
        };
    }

    private Shape shape(Theme theme) {
        int[] sizes = {3, 3, 3, 4, 5, 5, 6, 7};
        int[][] quorums = {
            {3, 2, 2}, {3, 2, 2}, {3, 2, 2}, {3, 2, 2}, {3, 1, 3}, {3, 3, 1}, {2, 1, 2}, {3, 1, 1},
            {3, 3, 3}
        };
        Traffic[] traffics = {Traffic.STRICT, Traffic.SLOPPY, Traffic.SLOPPY, Traffic.MIXED};
        int nodes = sizes[random.nextInt(sizes.length)];
        int[] quorum = quorums[random.nextInt(quorums.length)];
        Traffic traffic = traffics[random.nextInt(traffics.length)];
        int keys = 1 + random.nextInt(8);
        long millis = 4_000 + random.nextInt(26_000);
        boolean patient = random.nextInt(2) == 0;
        SimNetwork.Rates rates = rates();
        Comparison comparison = Comparison.ALWAYS;
        int spares = 0;
        switch (theme) {
            case ANYTHING -> {}
            case HINTS_ALONE -> {
                millis = random.nextInt(2) == 0 ? 5_000 : HOLDERS_RESTART_MILLIS + 3_000;
                patient = false;
                comparison = Comparison.NEVER;
            }
            case FORGETTING -> {
                millis = 24_000 + random.nextInt(6_000);
                comparison = Comparison.AFTER_HEAL;
                rates = new SimNetwork.Rates(0, 5, 0, 100, rates.maxMicros());
            }
            case OVERLOAD -> {
                nodes = Math.min(nodes, 4);
                millis = OVERLOAD_MILLIS + random.nextInt(4_000);
            }
            case SOME_DOWN -> {
                millis = SOME_DOWN_MILLIS + random.nextInt(6_000);
                rates = new SimNetwork.Rates(0, 5, 0, 100, rates.maxMicros());
            }
            case NEW_RING -> {
                nodes = 4 + random.nextInt(4);
                spares = random.nextInt(Math.min(3, nodes - 2));
                millis = 8_000 + random.nextInt(12_000);
            }
            case AWAY -> {
                traffic = Traffic.SLOPPY;
                keys = 1 + random.nextInt(3);
                millis = HINTS_FOR_MILLIS + SimOptions.GRACE_MILLIS + 8_000;
            }
            case LAST_HOLDER -> {
                nodes = 4 + random.nextInt(2);
                quorum = quorums[0];
                traffic = Traffic.STRICT;
                keys = 1 + random.nextInt(2);
                millis = HOLDER_LEAVES_MILLIS + SimOptions.GRACE_MILLIS + 8_000;
            }
            case SKEWED_CLOCKS, LATE_WRITES, LOST_DISK, BLANK_RESTARTS -> {
                quorum = quorums[0];
                traffic = Traffic.STRICT;
                keys = 1 + random.nextInt(2);
                millis = 3_000 + random.nextInt(5_000);
                patient = true;
                if (theme == Theme.LATE_WRITES) {
                    nodes = 4 + random.nextInt(4);
                    keys = 1;
                } else if (theme.losesDisk()) {
                    nodes = 3;
                    keys = 1 + random.nextInt(4);
                    millis = 2 * DISK_LOST_MILLIS;
                }
            }
        }
        return new Shape(
                nodes,
                spares,
                quorum[0],
                quorum[1],
                quorum[2],
                traffic,
                keys,
                millis,
                rates,
                comparison,
                theme == Theme.SOME_DOWN ? SyncMode.ALWAYS : sync(comparison),
                patient);
    }

    /**
     * Every eighth seed's nodes force later than they acknowledge, but not those that nothing but
     * hints brings together: hints may be lost then.
     */
    private SyncMode sync(Comparison comparison) {
        if (seed % 8 != 0 || comparison == Comparison.NEVER) {
            return SyncMode.ALWAYS;
        }
        int[] intervals = {20, 50, 100, 200, 500};
        return new SyncMode.Interval(intervals[late.nextInt(intervals.length)]);
    }

    private SimNetwork.Rates rates() {
        int[] rates = {0, 0, 0, 5, 20, 100};
        return new SimNetwork.Rates(
                rates[random.nextInt(rates.length)],
                rates[random.nextInt(rates.length)],
                rates[random.nextInt(rates.length)],
                100,
                300 + random.nextInt(3) * 4_000);
    }

    // ---- faults

    private void fault(Theme theme, Shape shape, FaultKind kind) {
        if (DESTROYS.contains(kind)) {
            if (destructionsLeft == 0) {
                return;
            }
            destructionsLeft--;
        }
        int node = random.nextInt(shape.nodes());
        if (theme == Theme.HINTS_ALONE && ENDS_PROCESS.contains(kind)) {
            node = shape.nodes() - 1; // which coordinates nothing
        }
        int other = (node + 1 + random.nextInt(shape.nodes() - 1)) % shape.nodes();
        long at = random.nextInt((int) shape.activeMillis());
        long millis = 100 + random.nextInt(random.nextInt(2) == 0 ? 1_500 : 12_000);
        switch (theme) {
            case HINTS_ALONE -> {
                at = random.nextInt(5_000);
                millis = Math.min(millis, 3_000);
            }
            case FORGETTING -> at = random.nextInt(8_000);
            case ANYTHING,
                    SKEWED_CLOCKS,
                    LATE_WRITES,
                    LOST_DISK,
                    BLANK_RESTARTS,
                    AWAY,
                    LAST_HOLDER,
                    SOME_DOWN,
                    OVERLOAD,
                    NEW_RING -> {}
        }
        if (kind == FaultKind.LONG_ABSENCE) {
            millis = SimOptions.GRACE_MILLIS + 1_000 + random.nextInt(5_000);
        } else if (kind == FaultKind.FULL_RESTART) {
            millis = 2_000 + random.nextInt(12_000);
        } else if (kind == FaultKind.LONG_PAUSE) {
            millis = SimOptions.GRACE_MILLIS + 1_000 + random.nextInt(120_000);
            workload.addAfterPause(at + millis, node);
            lastsMillis = Math.max(lastsMillis, at + millis + 2_000);
        }
        add(at, kind, node, other, millis, amount(shape, kind));
    }

    private void add(long at, FaultKind kind, int node, int other, long millis, long amount) {
        steps.add(new Step.Fault(at, kind, node, other, millis, amount));
    }

    private long amount(Shape shape, FaultKind kind) {
        return switch (kind) {
            case CRASH_AT_DISK_OPERATION -> 1 + random.nextInt(200);
            case SPLIT -> 1 + random.nextInt((1 << shape.nodes()) - 2);
            case FLAP -> 50 + random.nextInt(1_000);
            case LOSS -> 5 + random.nextInt(60);
            case DUPLICATE -> 5 + random.nextInt(60);
            case SLOW_LINK -> 20 + random.nextInt(1_500);
            case HOLD -> SimOptions.GRACE_MILLIS + 3_000 + random.nextInt(9_000);
            case CLOCK_JUMP -> jump();
            case CLOCK_STEP -> jump() / 2;
            case CLOCK_BACK_AT_RESTART -> 20 + random.nextInt(480);
            case CLOCK_DRIFT -> random.nextInt(200_000) - 100_000L;
            case DISK_FULL, FULL_RESTART -> random.nextInt(random.nextInt(2) == 0 ? 500 : 3_000);
            case READ_ERROR -> 1 + random.nextInt(5);
            case WRITE_ERROR, FORCE_ERROR, MISDIRECTED_WRITE -> 1 + random.nextInt(15);
            case SLOW_DISK -> 5 + random.nextInt(1_500);
            case BIT_FLIP, UNREADABLE_SECTOR, LOST_FILE, MISPLACED_BLOCK -> random.nextLong() >>> 1;
            default -> 0;
        };
    }

    private long jump() {
        long[] sizes = {1, 100, 1_000, 60_000, 3_600_000, 86_400_000};
        long size = 1 + random.nextInt((int) sizes[random.nextInt(sizes.length)]);
        return random.nextInt(2) == 0 ? size : -size;
    }
}

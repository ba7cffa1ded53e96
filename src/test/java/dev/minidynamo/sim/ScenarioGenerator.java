package dev.minidynamo.sim;

import dev.minidynamo.sim.Shape.Traffic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Draws a scenario from a seed: a shape, then a random subset of the fault menu at random rates
 * (Groce et al., "Swarm testing", ISSTA 2012), then what the clients do.
 *
 * <p>At most W−1 disks are destroyed, so that every promise holds in every scenario.
 */
final class ScenarioGenerator {

    private static final Set<FaultKind> DESTROYS =
            EnumSet.of(
                    FaultKind.BIT_FLIP,
                    FaultKind.MISDIRECTED_WRITE,
                    FaultKind.WIPE,
                    FaultKind.OLD_BACKUP);

    /** Without anti-entropy a coordinator that dies takes hints along that it had yet to store. */
    private static final Set<FaultKind> HINTS_ONLY =
            EnumSet.of(
                    FaultKind.KILL,
                    FaultKind.POWER_LOSS,
                    FaultKind.PAUSE,
                    FaultKind.ISOLATE,
                    FaultKind.CUT,
                    FaultKind.CUT_ONE_WAY,
                    FaultKind.SPLIT,
                    FaultKind.FLAP,
                    FaultKind.LOSS,
                    FaultKind.DUPLICATE,
                    FaultKind.SLOW_LINK);

    private static final Set<FaultKind> ENDS_PROCESS =
            EnumSet.of(FaultKind.KILL, FaultKind.POWER_LOSS);

    private final long seed;
    private final SimRandom random;
    private final List<Step> steps = new ArrayList<>();
    private int destructionsLeft;
    private int nextId = 1;

    private ScenarioGenerator(long seed) {
        this.seed = seed;
        this.random = new SimRandom(seed);
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
        Set<FaultKind> menu = all;
        Shape shape = shape();
        if (random.nextInt(8) == 0) {
            shape = hintsOnly(shape);
            menu = EnumSet.copyOf(menu);
            menu.retainAll(HINTS_ONLY);
        }
        destructionsLeft = shape.w() - 1;
        Set<FaultKind> chosen = EnumSet.noneOf(FaultKind.class);
        int inclusion = 5 + random.nextInt(30);
        for (FaultKind kind : FaultKind.values()) {
            if (random.nextInt(100) < inclusion && menu.contains(kind)) {
                chosen.add(kind);
            }
        }
        requests(shape);
        if (!chosen.isEmpty()) {
            List<FaultKind> kinds = List.copyOf(chosen);
            int faults = 1 + random.nextInt(10);
            for (int i = 0; i < faults; i++) {
                fault(shape, kinds.get(random.nextInt(kinds.size())));
            }
        }
        steps.sort(Comparator.comparingLong(Step::atMillis));
        return new Scenario(seed, shape, steps);
    }

    private Shape shape() {
        int[] sizes = {3, 3, 3, 4, 5, 5, 6, 7};
        int nodes = sizes[random.nextInt(sizes.length)];
        int[][] quorums = {
            {3, 2, 2}, {3, 2, 2}, {3, 2, 2}, {3, 2, 2}, {3, 1, 3}, {3, 3, 1}, {2, 1, 2}, {3, 1, 1},
            {3, 3, 3}
        };
        int[] quorum = quorums[random.nextInt(quorums.length)];
        Traffic[] traffic = {Traffic.STRICT, Traffic.SLOPPY, Traffic.SLOPPY, Traffic.MIXED};
        return new Shape(
                nodes,
                quorum[0],
                quorum[1],
                quorum[2],
                traffic[random.nextInt(traffic.length)],
                1 + random.nextInt(8),
                4_000 + random.nextInt(26_000),
                rates(),
                true);
    }

    /** A short life, so that no hint gets too old. */
    private static Shape hintsOnly(Shape s) {
        return new Shape(
                s.nodes(), s.n(), s.r(), s.w(), s.traffic(), s.keys(), 5_000, s.rates(), false);
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

    private void requests(Shape shape) {
        int count = 20 + random.nextInt(100);
        int reads = 20 + random.nextInt(50);
        int deletes = random.nextInt(3) == 0 ? 0 : 5 + random.nextInt(25);
        int bursts = random.nextInt(3);
        long at = 0;
        for (int i = 0; i < count; i++) {
            long even = random.nextInt((int) shape.activeMillis());
            at = bursts == 0 || random.nextInt(4) == 0 ? even : at + random.nextInt(20);
            int draw = random.nextInt(100);
            Step.Verb verb =
                    draw < reads
                            ? Step.Verb.GET
                            : draw < reads + deletes ? Step.Verb.DELETE : Step.Verb.PUT;
            boolean strict =
                    switch (shape.traffic()) {
                        case STRICT -> true;
                        case SLOPPY -> false;
                        case MIXED -> random.nextInt(2) == 0;
                    };
            int bytes = random.nextInt(10) == 0 ? 3_000 : 12 + random.nextInt(60);
            steps.add(
                    new Step.Request(
                            Math.min(at, shape.activeMillis()),
                            nextId++,
                            verb,
                            random.nextInt(shape.antiEntropy() ? shape.nodes() : shape.nodes() - 1),
                            random.nextInt(shape.keys()),
                            strict,
                            bytes));
        }
    }

    private void fault(Shape shape, FaultKind kind) {
        if (DESTROYS.contains(kind)) {
            if (destructionsLeft == 0) {
                return;
            }
            destructionsLeft--;
        }
        int node = random.nextInt(shape.nodes());
        if (!shape.antiEntropy() && ENDS_PROCESS.contains(kind)) {
            node = shape.nodes() - 1; // which coordinates nothing
        }
        int other = (node + 1 + random.nextInt(shape.nodes() - 1)) % shape.nodes();
        long at = random.nextInt((int) shape.activeMillis());
        long millis = 100 + random.nextInt(random.nextInt(2) == 0 ? 1_500 : 12_000);
        if (!shape.antiEntropy()) {
            millis = Math.min(millis, 3_000);
        }
        if (kind == FaultKind.LONG_ABSENCE) {
            millis = SimOptions.GRACE_MILLIS + 1_000 + random.nextInt(5_000);
        }
        steps.add(new Step.Fault(at, kind, node, other, millis, amount(shape, kind)));
    }

    private long amount(Shape shape, FaultKind kind) {
        return switch (kind) {
            case CRASH_AT_DISK_OPERATION -> 1 + random.nextInt(200);
            case SPLIT -> 1 + random.nextInt((1 << shape.nodes()) - 2);
            case FLAP -> 50 + random.nextInt(1_000);
            case LOSS -> 5 + random.nextInt(60);
            case DUPLICATE -> 5 + random.nextInt(60);
            case SLOW_LINK -> 20 + random.nextInt(1_500);
            case HOLD -> SimOptions.GRACE_MILLIS + random.nextInt(10_000);
            case CLOCK_JUMP -> jump();
            case CLOCK_DRIFT -> random.nextInt(200_000) - 100_000L;
            case DISK_FULL -> random.nextInt(3_000);
            case READ_ERROR -> 1 + random.nextInt(5);
            case WRITE_ERROR, FORCE_ERROR -> 1 + random.nextInt(15);
            case SLOW_DISK -> 5 + random.nextInt(1_500);
            case BIT_FLIP, MISDIRECTED_WRITE -> random.nextLong() >>> 1;
            default -> 0;
        };
    }

    private long jump() {
        long[] sizes = {1, 100, 1_000, 60_000, 3_600_000, 86_400_000};
        long size = 1 + random.nextInt((int) sizes[random.nextInt(sizes.length)]);
        return random.nextInt(2) == 0 ? size : -size;
    }
}

package dev.minidynamo.sim;

import java.util.List;

/**
 * The whole life of a simulated cluster, given its code: a seed, a shape and what happens when.
 *
 * <p>All that is random while it runs comes from the seed, and what clients and faults do is a
 * list, so that a failing scenario can be shrunk by leaving out steps.
 */
record Scenario(long seed, Shape shape, List<Step> steps) {

    Scenario {
        steps = List.copyOf(steps);
    }

    Scenario with(List<Step> fewer) {
        return new Scenario(seed, shape, fewer);
    }

    /** Whether a fault of this kind is among the steps. */
    boolean has(FaultKind kind) {
        return steps.stream().anyMatch(s -> s instanceof Step.Fault f && f.kind() == kind);
    }

    /** Whether healthy nodes are asked for what P3 has them do. */
    boolean asksTheHealthy() {
        return steps.stream().anyMatch(s -> s instanceof Step.Request r && r.mustBeServed());
    }

    /** Whether clients ask for more than nodes can hold. */
    boolean overloads() {
        return steps.stream()
                        .filter(s -> s instanceof Step.Request)
                        .filter(s -> ((Step.Request) s).valueBytes() == Workload.LARGE_BYTES)
                        .count()
                >= Workload.BURST_PUTS;
    }

    /** How many nodes' clocks are tampered with at one time or another. */
    long nodesWithWrongClocks() {
        return steps.stream()
                .filter(s -> s instanceof Step.Fault f && f.kind().name().startsWith("CLOCK"))
                .map(s -> ((Step.Fault) s).node())
                .distinct()
                .count();
    }

    /** How many nodes the smallest ring of the cluster has. */
    int fewestMembers() {
        return steps.stream()
                .filter(s -> s instanceof Step.NewRing)
                .mapToInt(s -> Long.bitCount(((Step.NewRing) s).members()))
                .reduce(shape.nodes() - shape.spares(), Math::min);
    }

    String describe() {
        StringBuilder out = new StringBuilder("seed " + seed + ", " + shape + "\n");
        steps.forEach(step -> out.append("  ").append(step).append('\n'));
        return out.toString();
    }
}

package dev.minidynamo.sim;

import java.util.List;

/**
 * What the clients of a scenario ask, and when: evenly, in bursts, or each after the other. In a
 * third of the scenarios some requests name an r or w of their own.
 */
final class Workload {

    static final int LARGE_BYTES = 3_000;

    /** How many puts there are in a burst. */
    static final int BURST_PUTS = 100;

    private final SimRandom random;
    private final Theme theme;
    private final Shape shape;
    private final List<Step> steps;
    private int nextId = 1;
    private int namedPercent;

    Workload(SimRandom random, Theme theme, Shape shape, List<Step> steps) {
        this.random = random;
        this.theme = theme;
        this.shape = shape;
        this.steps = steps;
    }

    /** Adds 20 to 120 requests. */
    void addAll() {
        int count = 20 + random.nextInt(100);
        int reads = 20 + random.nextInt(50);
        int deletes = random.nextInt(3) == 0 ? 0 : 5 + random.nextInt(25);
        int expiring = random.nextInt(3) == 0 ? 10 + random.nextInt(50) : 0;
        int bursts = random.nextInt(3);
        boolean awaiting = random.nextInt(3) == 0;
        if (theme == Theme.SKEWED_CLOCKS || theme == Theme.LATE_WRITES) {
            bursts = 1 + random.nextInt(2);
            awaiting = true;
            reads = theme == Theme.LATE_WRITES ? 100 : reads;
        } else if (theme == Theme.FORGETTING) {
            deletes = 20 + random.nextInt(20);
        } else if (theme.losesDisk()) {
            bursts = 0;
        }
        if (theme == Theme.LAST_HOLDER) {
            expiring = 0;
            bursts = 0;
        } else if (theme == Theme.SOME_DOWN) {
            expiring = 0;
            deletes = 0;
        }
        awaiting &= theme != Theme.HINTS_ALONE && !theme.losesDisk();
        namedPercent = random.nextInt(3) == 0 ? 10 + random.nextInt(90) : 0;
        int clients = 2 + random.nextInt(3);
        int span = spanMillis();
        long at = 0;
        for (int i = 0; i < count; i++) {
            long even = random.nextInt(span);
            at = bursts == 0 || random.nextInt(4) == 0 ? even : at + random.nextInt(20);
            boolean expires = random.nextInt(100) < expiring;
            boolean writes = theme == Theme.LATE_WRITES && i % clients == 0;
            add(
                    Math.min(at, shape.activeMillis()),
                    writes ? Step.Verb.PUT : verb(at, reads, deletes),
                    writes ? stranger() : coordinator(at),
                    expires ? 1 + random.nextInt(8_000) : 0,
                    awaiting && i >= clients ? nextId - clients : 0);
        }
    }

    /** Adds reads and writes by a node that has just gone on, before it can know of its pause. */
    void addAfterPause(long atMillis, int node) {
        for (int i = 0; i < 10; i++) {
            Step.Verb verb = random.nextInt(3) == 0 ? Step.Verb.PUT : Step.Verb.GET;
            int asked = random.nextInt(3) == 0 ? coordinator(atMillis) : node;
            add(atMillis - 20 + random.nextInt(i < 5 ? 40 : 1_000), verb, asked, 0, 0);
        }
    }

    /** Adds writes by a node that is about to restart, and by one that has just come back. */
    void addWritesAround(long atMillis, int node) {
        for (int i = 0; i < 3; i++) {
            add(atMillis - 30 * i, Step.Verb.PUT, node, 0, 0);
            add(atMillis + 10 + i, Step.Verb.PUT, node, 0, 0);
        }
    }

    /** Adds a hundred large puts, and some gets, of as many clients within a moment. */
    void addBurst(long atMillis, int millis) {
        for (int i = 0; i < BURST_PUTS + 10; i++) {
            Step.Verb verb = i < BURST_PUTS ? Step.Verb.PUT : Step.Verb.GET;
            int key = random.nextInt(shape.keys());
            long at = atMillis + random.nextInt(millis);
            steps.add(
                    new Step.Request(
                            at, nextId++, verb, any(), key, strict(), 0, LARGE_BYTES, 0, 0));
        }
    }

    /** Adds a request that P3 has served, whatever is wrong meanwhile. */
    void addServed(long atMillis, Step.Verb verb, int node, int key, boolean strict) {
        int id = Step.Request.SERVED + nextId++;
        int bytes = 12 + random.nextInt(60);
        steps.add(new Step.Request(atMillis, id, verb, node, key, strict, 0, bytes, 0, 0));
    }

    private void add(long atMillis, Step.Verb verb, int node, long ttlMillis, int after) {
        steps.add(
                new Step.Request(
                        atMillis,
                        nextId++,
                        verb,
                        node,
                        random.nextInt(shape.keys()),
                        strict(),
                        quorum(),
                        random.nextInt(10) == 0 ? LARGE_BYTES : 12 + random.nextInt(60),
                        verb == Step.Verb.PUT ? ttlMillis : 0,
                        after));
    }

    /** How long the clients are at it. */
    private int spanMillis() {
        return switch (theme) {
            case ANYTHING,
                    SKEWED_CLOCKS,
                    LATE_WRITES,
                    LOST_DISK,
                    BLANK_RESTARTS,
                    SOME_DOWN,
                    OVERLOAD,
                    NEW_RING ->
                    (int) shape.activeMillis();
            case AWAY -> 2 * ScenarioGenerator.HINTS_FOR_MILLIS;
            case LAST_HOLDER -> 2 * ScenarioGenerator.HOLDER_LEAVES_MILLIS;
            case HINTS_ALONE -> 4_000;
            case FORGETTING -> 4_000;
        };
    }

    private Step.Verb verb(long atMillis, int reads, int deletes) {
        if (theme.losesDisk()) {
            boolean early = atMillis < ScenarioGenerator.DISK_LOST_MILLIS;
            return early ? Step.Verb.PUT : Step.Verb.GET;
        }
        if (theme == Theme.LAST_HOLDER) {
            boolean early = atMillis < ScenarioGenerator.HOLDER_LEAVES_MILLIS;
            return early ? Step.Verb.PUT : Step.Verb.GET;
        }
        if (theme == Theme.AWAY) {
            boolean early = atMillis < ScenarioGenerator.HINTS_FOR_MILLIS;
            return early ? Step.Verb.PUT : Step.Verb.DELETE;
        }
        int draw = random.nextInt(100);
        return draw < reads
                ? Step.Verb.GET
                : draw < reads + deletes ? Step.Verb.DELETE : Step.Verb.PUT;
    }

    private int coordinator(long atMillis) {
        return switch (theme) {
            case LAST_HOLDER ->
                    atMillis < ScenarioGenerator.HOLDER_LEAVES_MILLIS ? holder() : any();
            case HINTS_ALONE -> random.nextInt(shape.nodes() - 1);
            case ANYTHING,
                    FORGETTING,
                    SKEWED_CLOCKS,
                    LATE_WRITES,
                    LOST_DISK,
                    BLANK_RESTARTS,
                    AWAY,
                    SOME_DOWN,
                    OVERLOAD,
                    NEW_RING ->
                    any();
        };
    }

    private int any() {
        return random.nextInt(shape.nodes());
    }

    /** One of the two nodes that take writes for which a hint would be at a third. */
    private int holder() {
        return shape.byOwnership(0).get(random.nextInt(2));
    }

    /** A node that does not own the only key. */
    private int stranger() {
        return shape.byOwnership(0).getLast();
    }

    private int quorum() {
        return random.nextInt(100) < namedPercent ? 1 + random.nextInt(shape.n()) : 0;
    }

    private boolean strict() {
        return switch (shape.traffic()) {
            case STRICT -> true;
            case SLOPPY -> false;
            case MIXED -> random.nextInt(2) == 0;
        };
    }
}

package dev.minidynamo.app.bench;

import java.util.random.RandomGenerator;

/**
 * A mix of operations, as in the Yahoo! Cloud Serving Benchmark (Cooper et al., SoCC 2010), and W,
 * which only writes.
 */
public enum Workload {
    A(50, 0, "50 % reads, 50 % updates"),
    B(95, 0, "95 % reads, 5 % updates"),
    C(100, 0, "reads"),
    D(95, 0, "95 % reads of what is new, 5 % inserts"),
    F(50, 50, "50 % reads, 50 % read, modify and write"),
    W(0, 0, "updates");

    private final int readPercent;
    private final int modifyPercent;
    private final String summary;

    Workload(int readPercent, int modifyPercent, String summary) {
        this.readPercent = readPercent;
        this.modifyPercent = modifyPercent;
        this.summary = summary;
    }

    /** What a client does next. */
    enum Operation {
        READ,
        UPDATE,
        INSERT,
        /** A read whose answer is followed by an update of the same key. */
        MODIFY
    }

    Operation next(RandomGenerator random) {
        int draw = random.nextInt(100);
        if (draw < readPercent) {
            return Operation.READ;
        }
        if (draw < readPercent + modifyPercent) {
            return Operation.MODIFY;
        }
        return this == D ? Operation.INSERT : Operation.UPDATE;
    }

    /** The mix in words. */
    public String summary() {
        return summary;
    }
}

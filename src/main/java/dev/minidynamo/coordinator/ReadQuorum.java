package dev.minidynamo.coordinator;

import dev.minidynamo.model.Cell;
import dev.minidynamo.version.CellMerge;

import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of a read: fed what replicas hold, it says whether the newest cell is known to
 * enough of them.
 *
 * <p>{@code answers} replicas must have answered, and {@code holders} of them must hold the winner:
 * a plain read needs none, a strict one W, as the least R that makes a read strict, N-W+1, meets W.
 * Those that hold less are repaired as soon as enough have answered.
 */
final class ReadQuorum {

    private final int answers;
    private final int holders;
    private int outstanding;
    private int repairing;
    private int answered;
    private int holding;
    private @Nullable Cell winner;

    ReadQuorum(int answers, int holders) {
        this.answers = answers;
        this.holders = holders;
    }

    /** One more replica has been asked. */
    void asked() {
        outstanding++;
    }

    /** A replica holds {@code cell}, or nothing if that is null. */
    void answered(@Nullable Cell cell) {
        outstanding--;
        answered++;
        int order = compare(cell, winner);
        if (order > 0) {
            winner = cell;
            holding = 1;
        } else if (order == 0) {
            holding++;
        }
    }

    /** A replica did not answer. */
    void failed() {
        outstanding--;
    }

    /** A replica that does not hold the winner is being sent it. */
    void repairStarted() {
        repairing++;
    }

    /** That repair ended; {@code done} if the replica now holds {@code repaired} or newer. */
    void repairEnded(Cell repaired, boolean done) {
        repairing--;
        if (done && compare(repaired, winner) == 0) {
            holding++;
        }
    }

    @Nullable Cell winner() {
        return winner;
    }

    int answered() {
        return answered;
    }

    int needed() {
        return answers;
    }

    WriteQuorum.State state() {
        boolean held = winner == null || holding >= holders;
        if (answered >= answers && held) {
            return WriteQuorum.State.REACHED;
        }
        boolean mayAnswer = answered + outstanding >= answers;
        int repairable = answered < answers ? answered : holding + repairing;
        boolean mayHold = repairable + outstanding >= holders;
        return mayAnswer && (held || mayHold)
                ? WriteQuorum.State.PENDING
                : WriteQuorum.State.IMPOSSIBLE;
    }

    /** What an impossible quorum lacks. */
    String missing() {
        return answered < answers
                ? "too few replicas answered"
                : "of those that answered only "
                        + holding
                        + " of "
                        + holders
                        + " that a strict read needs could be brought to hold the newest value";
    }

    /** The merge order, nothing being older than anything. */
    static int compare(@Nullable Cell a, @Nullable Cell b) {
        if (a == null || b == null) {
            return Boolean.compare(a != null, b != null);
        }
        return CellMerge.ORDER.compare(a, b);
    }
}

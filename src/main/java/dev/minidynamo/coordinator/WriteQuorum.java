package dev.minidynamo.coordinator;

/**
 * The arithmetic of a write: fed answers, it says whether W acknowledgements can still be had.
 *
 * <p>It counts places, one for each primary. A primary and those who stand in for it fill the same
 * place once: the stand-in drops its hint when the primary has the write, so the two together are
 * one lasting copy (promise P1).
 */
final class WriteQuorum {

    /** Where a quorum stands. */
    enum State {
        PENDING,
        REACHED,
        IMPOSSIBLE
    }

    private final int needed;
    private final int[] outstanding;
    private final boolean[] filled;
    private int acks;

    WriteQuorum(int needed, int places) {
        this.needed = needed;
        this.outstanding = new int[places];
        this.filled = new boolean[places];
    }

    /** One more node has been asked to fill a place. */
    void asked(int place) {
        outstanding[place]++;
    }

    void acknowledged(int place) {
        outstanding[place]--;
        if (!filled[place]) {
            filled[place] = true;
            acks++;
        }
    }

    void failed(int place) {
        outstanding[place]--;
    }

    int acks() {
        return acks;
    }

    int needed() {
        return needed;
    }

    State state() {
        if (acks >= needed) {
            return State.REACHED;
        }
        int possible = acks;
        for (int place = 0; place < filled.length; place++) {
            possible += !filled[place] && outstanding[place] > 0 ? 1 : 0;
        }
        return possible < needed ? State.IMPOSSIBLE : State.PENDING;
    }
}

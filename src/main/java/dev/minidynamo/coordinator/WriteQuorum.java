package dev.minidynamo.coordinator;

/** The arithmetic of a write: fed answers, it says whether W acknowledgements can still be had. */
final class WriteQuorum {

    /** Where a quorum stands. */
    enum State {
        PENDING,
        REACHED,
        IMPOSSIBLE
    }

    private final int needed;
    private int acks;
    private int outstanding;

    WriteQuorum(int needed) {
        this.needed = needed;
    }

    /** One more node has been asked, whose acknowledgement counts. */
    void asked() {
        outstanding++;
    }

    void acknowledged() {
        outstanding--;
        acks++;
    }

    void failed() {
        outstanding--;
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
        return acks + outstanding < needed ? State.IMPOSSIBLE : State.PENDING;
    }
}

package dev.minidynamo.hints;

import dev.minidynamo.hints.Hint.State;
import dev.minidynamo.model.Cell;

import java.util.function.Consumer;

/**
 * Takes into the own store what is hinted for one target and will not be delivered: its target left
 * the ring, or the write is too old. Such a hint may be the last copy of an acknowledged write, so
 * it goes only when the store has the cell durably (P1).
 */
final class HintAdoption {

    private static final int MOST_UNDER_WAY = 256;

    /** How long nothing is tried after the store took no cell. */
    private static final long REFUSED_PAUSE_NANOS = 5_000_000_000L;

    private final HintPorts ports;
    private final HintDelivery.Owner owner;
    private final Consumer<Hint> adopted;
    private int underWay;
    private long fromNanos;

    /**
     * @param owner reads the cells
     * @param adopted gets each hint whose cell, or a newer one, is held here now
     */
    HintAdoption(HintPorts ports, HintDelivery.Owner owner, Consumer<Hint> adopted) {
        this.ports = ports;
        this.owner = owner;
        this.adopted = adopted;
        this.fromNanos = ports.clock().monotonicNanos();
    }

    /** Takes a durable hint's cell, unless that must wait; then it is to be tried again later. */
    void begin(Hint hint) {
        if (!hint.durable()) {
            return;
        }
        boolean rests = ports.clock().monotonicNanos() - fromNanos < 0;
        boolean begun = hint.state == State.ADOPTED;
        if (begun || rests || underWay >= MOST_UNDER_WAY || !ports.own().mayTake()) {
            return;
        }
        Cell cell = owner.read(hint);
        if (cell != null) {
            hint.state = State.ADOPTED;
            underWay++;
            ports.own().take(hint.key, cell, taken -> ended(hint, taken));
        }
    }

    private void ended(Hint hint, boolean taken) {
        underWay--;
        if (taken) {
            adopted.accept(hint);
        } else {
            fromNanos = ports.clock().monotonicNanos() + REFUSED_PAUSE_NANOS;
            if (hint.state == State.ADOPTED) {
                hint.state = State.WAITING;
            }
        }
    }
}

package dev.minidynamo.hints;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The hints that wait for their target's log to be opened, in bounded space (P12). */
final class OpeningLog {

    private final List<Waiting> waiting = new ArrayList<>();
    private long bytes;

    private record Waiting(Key key, Cell cell, Consumer<HintResult> done) {
        int bytes() {
            return key.bytes().length + (cell instanceof Cell.Live live ? live.value().length : 0);
        }
    }

    /** Lets a hint wait; false if there is no room. */
    boolean add(Key key, Cell cell, Consumer<HintResult> done) {
        if (bytes >= TargetHints.MOST_PENDING_BYTES) {
            return false;
        }
        Waiting hint = new Waiting(key, cell, done);
        waiting.add(hint);
        bytes += hint.bytes();
        return true;
    }

    /** Stores what waited. */
    void storeIn(TargetHints hints) {
        waiting.forEach(each -> hints.store(each.key, each.cell, each.done));
    }

    /** Answers all that waited. */
    void answer(HintResult result) {
        waiting.forEach(each -> each.done.accept(result));
    }
}

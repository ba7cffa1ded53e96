package dev.minidynamo.store;

/** Hears of each durable change of the index. */
@FunctionalInterface
public interface LeafListener {

    /**
     * An entry changed.
     *
     * @param leaf upper 16 bits of its token
     * @param hashBefore what {@link EntryRef#hash} was, 0 if there was no entry
     * @param hashAfter what it is now, 0 if there is none any more
     */
    void changed(int leaf, long hashBefore, long hashAfter);
}

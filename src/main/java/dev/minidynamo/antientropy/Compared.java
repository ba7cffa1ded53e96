package dev.minidynamo.antientropy;

import java.util.BitSet;

/** What has been compared with one peer since the start of this node. */
final class Compared {

    final BitSet inAnyState = new BitSet();
    final BitSet whileSynchronised = new BitSet();
    boolean seenBlank;
    private boolean blank;

    /** Takes note whether the peer is blank; true if that is news. */
    boolean note(boolean isBlank) {
        boolean news = isBlank != blank;
        blank = isBlank;
        seenBlank |= isBlank;
        return news;
    }
}

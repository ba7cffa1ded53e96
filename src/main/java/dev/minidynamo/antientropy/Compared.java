package dev.minidynamo.antientropy;

import java.util.BitSet;

/** What has been compared with one peer since the start of this node. */
final class Compared {

    final BitSet inAnyState = new BitSet();
    final BitSet whileSynchronised = new BitSet();
}

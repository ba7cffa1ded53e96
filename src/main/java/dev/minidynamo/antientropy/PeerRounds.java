package dev.minidynamo.antientropy;

import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

/** What anti-entropy remembers of one peer from round to round. */
final class PeerRounds {

    final NodeId id;
    final YoungDifferences young;

    /** The partition at which the next round begins; those before it were done in the last one. */
    int cursor;

    /** The round under way, or the last one in the pause before the next; null if there is none. */
    @Nullable Round round;

    /** When the peer last asked for more than the root, which means that it leads a repair. */
    long descentSeenMillis = Long.MIN_VALUE / 2;

    long rounds;
    long pulled;
    long pushed;
    long bytes;
    long errors;
    long differing;
    boolean more;
    long lastRoundWallMillis;

    PeerRounds(NodeId id, long youngMillis) {
        this.id = id;
        this.young = new YoungDifferences(youngMillis);
    }

    void add(Round.Result result, long wallMillis) {
        rounds++;
        pulled += result.pulled();
        pushed += result.pushed();
        bytes += result.bytes();
        errors += result.errors();
        differing = result.differing();
        more = result.more();
        lastRoundWallMillis = wallMillis;
    }
}

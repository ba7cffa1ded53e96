package dev.minidynamo.antientropy;

import dev.minidynamo.antientropy.LeafDiff.Difference;
import dev.minidynamo.model.Version;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Differences with one peer that may only be writes under way.
 *
 * <p>One is left alone until it is old by its timestamp or has been seen for as long, so that a
 * wall clock that is wrong delays repair but does not prevent it.
 */
final class YoungDifferences {

    private static final int MOST = 8_192;
    private static final long KEPT_MILLIS = 60_000;

    private final long youngMillis;
    private final Map<Long, Long> firstSeenMillis = new LinkedHashMap<>();

    YoungDifferences(long youngMillis) {
        this.youngMillis = youngMillis;
    }

    /** Whether a difference is no longer young. */
    boolean isRipe(Difference difference, long wallMillis, long monotonicMillis) {
        if (wallMillis - (difference.timestamp() >>> Version.COUNTER_BITS) >= youngMillis) {
            return true;
        }
        forgetOld(monotonicMillis);
        Long first = firstSeenMillis.get(difference.hash());
        if (first == null) {
            if (firstSeenMillis.size() < MOST) {
                firstSeenMillis.put(difference.hash(), monotonicMillis);
            }
            return youngMillis == 0;
        }
        return monotonicMillis - first >= youngMillis;
    }

    private void forgetOld(long monotonicMillis) {
        Iterator<Long> times = firstSeenMillis.values().iterator();
        while (times.hasNext() && monotonicMillis - times.next() > KEPT_MILLIS) {
            times.remove();
        }
    }
}

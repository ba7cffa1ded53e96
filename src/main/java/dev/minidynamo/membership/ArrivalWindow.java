package dev.minidynamo.membership;

/**
 * The times between the last heartbeat answers of a peer, and the suspicion that follows from them.
 *
 * <p>Suspicion is {@code phi = -log10(probability that the peer is merely late)} with normally
 * distributed arrivals (Hayashibara et al., "The phi accrual failure detector", SRDS 2004, §4); so
 * that a peer on a lossy or slow network is given the time that it needs, and no more. The normal
 * distribution's tail is taken from its logistic approximation (Bowling et al., 2009).
 */
final class ArrivalWindow {

    private static final int CAPACITY = 100;

    private final double[] samples = new double[CAPACITY];
    private final double usualMillis;
    private final double acceptedPauseMillis;
    private final double leastDeviationMillis;
    private int count;
    private int next;
    private double sum;
    private double sumOfSquares;

    ArrivalWindow(MembershipOptions options) {
        usualMillis = options.pingPeriodMillis();
        acceptedPauseMillis = options.acceptedPauseMillis();
        leastDeviationMillis = options.leastDeviationMillis();
        add(usualMillis);
    }

    /** Takes note of the time between two answers. */
    void add(double millis) {
        if (count == CAPACITY) {
            sum -= samples[next];
            sumOfSquares -= samples[next] * samples[next];
        } else {
            count++;
        }
        samples[next] = millis;
        next = (next + 1) % CAPACITY;
        sum += millis;
        sumOfSquares += millis * millis;
    }

    /** Suspicion after {@code silentMillis} without a sign of life: 0 none, growing for ever. */
    double phi(double silentMillis) {
        double mean = sum / count;
        double variance = Math.max(0, sumOfSquares / count - mean * mean);
        double deviation = Math.max(leastDeviationMillis, Math.sqrt(variance));
        double y = (silentMillis - Math.max(mean, usualMillis) - acceptedPauseMillis) / deviation;
        double exponent = y * (1.5976 + 0.070566 * y * y);
        // log10(1 + e^exponent), written so that it does not overflow.
        return exponent > 30
                ? exponent / Math.log(10)
                : Math.log1p(Math.exp(exponent)) / Math.log(10);
    }
}

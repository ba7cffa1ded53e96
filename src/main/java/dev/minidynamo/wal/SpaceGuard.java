package dev.minidynamo.wal;

/**
 * Knows whether the disk is too full for ordinary records, and finds out when it no longer is.
 *
 * <p>A refused write says that it is full. From then on the worker looks every second whether there
 * is room for the reserve and some records; once there is, ordinary records are taken again
 * (promise P9).
 */
final class SpaceGuard {

    private static final long PROBE_MILLIS = 1000;

    private final LogPorts ports;
    private final LogOptions options;
    private final LogWriter writer;
    private boolean spaceShort;
    private boolean probing;
    private boolean releaseReserve;
    private boolean released;
    private boolean stopped;

    SpaceGuard(LogPorts ports, LogOptions options, LogWriter writer) {
        this.ports = ports;
        this.options = options;
        this.writer = writer;
    }

    /** Makes the reserve, if the log is to have one. */
    void begin() {
        if (options.reserveBytes() > 0) {
            probing = true;
            probe();
        }
    }

    void stop() {
        stopped = true;
    }

    boolean isShort() {
        return spaceShort;
    }

    /**
     * Takes note of a write that found the disk full.
     *
     * @return whether the reserve will be given up for the next write, so that urgent records can
     *     be tried again
     */
    boolean foundFull() {
        boolean release = !released && options.reserveBytes() > 0;
        released |= release;
        spaceShort = true;
        releaseReserve |= release;
        probeLater();
        return release;
    }

    /** Whether the next write gives up the reserve first. */
    boolean takeRelease() {
        boolean release = releaseReserve;
        releaseReserve = false;
        return release;
    }

    private void probeLater() {
        if (!probing) {
            probing = true;
            ports.scheduler().after(PROBE_MILLIS, this::probe);
        }
    }

    private void probe() {
        if (!stopped) {
            ports.worker()
                    .submit(
                            () -> writer.reserve().restore(),
                            this::probed,
                            failure -> probed(false));
        }
    }

    private void probed(boolean roomy) {
        probing = false;
        spaceShort = !roomy;
        released &= !roomy;
        if (!roomy) {
            probeLater();
        }
    }
}

package dev.minidynamo.sim;

/** The workers of one process. */
record SimWorkers(SimWorker log, SimWorker hints, SimWorker background) {

    /** Jobs that have not reported yet. */
    int backlog() {
        return log.backlog() + hints.backlog() + background.backlog();
    }

    /** Runs {@code then} as soon as all jobs so far of all logs have ended. */
    void afterJobsOfLogsSoFar(Runnable then) {
        int[] left = {2};
        Runnable ended =
                () -> {
                    if (--left[0] == 0) {
                        then.run();
                    }
                };
        log.afterJobsSoFar(ended);
        hints.afterJobsSoFar(ended);
    }
}

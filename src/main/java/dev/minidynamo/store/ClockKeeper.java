package dev.minidynamo.store;

import dev.minidynamo.wal.SegmentedLog;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Writes the {@link ClockRecord}, one write at a time, what came meanwhile with the next. */
final class ClockKeeper {

    private final StorePorts ports;
    private final SegmentedLog log;
    private final ClockFile file;
    private List<Runnable> waiting = new ArrayList<>();
    private ClockRecord current;
    private boolean writing;

    ClockKeeper(StorePorts ports, SegmentedLog log, ClockRecord current) {
        this.ports = ports;
        this.log = log;
        this.file = new ClockFile(ports.disk());
        this.current = current;
    }

    ClockRecord current() {
        return current;
    }

    /** Changes the record; {@code durable} runs when the change is on the device. */
    void change(UnaryOperator<ClockRecord> change, Runnable durable) {
        current = change.apply(current);
        waiting.add(durable);
        if (!writing) {
            write();
        }
    }

    private void write() {
        writing = true;
        List<Runnable> told = waiting;
        waiting = new ArrayList<>();
        current = current.withDurable(log.durable());
        ClockRecord record = current;
        ports.backgroundWorker()
                .submit(
                        () -> {
                            file.write(record);
                            return record;
                        },
                        written -> {
                            finish();
                            told.forEach(Runnable::run);
                        },
                        failure -> retry(told));
    }

    private void finish() {
        writing = false;
        if (!waiting.isEmpty()) {
            write();
        }
    }

    private void retry(List<Runnable> told) {
        told.addAll(waiting);
        waiting = told;
        ports.scheduler().after(1000, this::write);
    }
}

package dev.minidynamo.store;

import dev.minidynamo.env.Worker.Job;
import dev.minidynamo.wal.SegmentedLog;

import java.util.function.UnaryOperator;

/** The {@link ClockRecord} as it is now, and its file. */
final class ClockKeeper {

    private final SegmentedLog log;
    private final ClockFile file;
    private final FileKeeper keeper;
    private ClockRecord current;

    ClockKeeper(StorePorts ports, SegmentedLog log, ClockRecord current) {
        this.log = log;
        this.file = new ClockFile(ports.disk());
        this.keeper = new FileKeeper(ports, this::write);
        this.current = current;
    }

    ClockRecord current() {
        return current;
    }

    /** Changes the record; {@code durable} runs when the change is on the device. */
    void change(UnaryOperator<ClockRecord> change, Runnable durable) {
        current = change.apply(current);
        keeper.write(durable);
    }

    private Job<Boolean> write() {
        current = current.withDurable(log.durable());
        ClockRecord record = current;
        return () -> {
            file.write(record);
            return true;
        };
    }
}

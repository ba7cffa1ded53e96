package dev.minidynamo.store;

import dev.minidynamo.model.Version;
import dev.minidynamo.wal.LogOptions;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A process that writes to a store without end and prints the number of each write that was
 * acknowledged, to be killed by a test.
 *
 * <p>Arguments: the directory, and the number to begin with. Exits with 10 after a failed force.
 */
final class WriterProcess {

    static final int KEYS = 3000;
    static final int STORAGE_FAILED = 10;

    private static final long START = Version.timestampOf(1_700_000_000_000L);
    private static final int WAITING = 32;

    private WriterProcess() {}

    /** Small segments, and a snapshot and a compaction every moment. */
    static StoreOptions options() {
        return StoreOptions.defaults("killed", RealRig.NODE)
                .withLog(
                        LogOptions.defaults("kv")
                                .withSegments(256 << 10, 64 << 10)
                                .withReserve(256 << 10))
                .withMaintenance(400 << 10, 300 << 10, 100 << 20, 20);
    }

    /** The cell of a write. */
    static StoredCell cell(int number) {
        StoredCell cell = RealRig.cell(number, START + number);
        return new StoredCell(RealRig.key(number % KEYS), cell.cell());
    }

    public static void main(String[] args) throws IOException {
        PrintStream out =
                new PrintStream(
                        new BufferedOutputStream(System.out), true, StandardCharsets.US_ASCII);
        RealRig rig =
                new RealRig(
                        Path.of(args[0]),
                        options(),
                        sentence -> {
                            System.err.println(sentence);
                            Runtime.getRuntime().halt(STORAGE_FAILED);
                        });
        int first = Integer.parseInt(args[1]);
        out.println("open");
        rig.write(Integer.MAX_VALUE, WAITING, i -> cell(first + i), i -> out.println(first + i));
    }
}

package dev.minidynamo.store;

import dev.minidynamo.model.Version;
import dev.minidynamo.wal.SyncMode;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Durable writes to the store on a real disk; {@code waiting} of 1 is the baseline. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LogAppendBenchmark {

    private static final int WRITES = 2_000;
    private static final long NOW = Version.timestampOf(1_700_000_000_000L);

    /** Writes under way at any time. */
    @Param({"1", "64"})
    public int waiting;

    private Path directory;
    private RealRig rig;
    private long timestamp = NOW;

    /** Opens an empty store. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        directory = Files.createTempDirectory("mini-dynamo-jmh-");
        StoreOptions options = StoreOptions.defaults("benchmark", RealRig.NODE);
        rig =
                new RealRig(
                        directory,
                        options.withLog(options.log().withSync(SyncMode.ALWAYS)),
                        why -> {
                            throw new IllegalStateException(why);
                        });
    }

    /** Removes it. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        rig.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(LogAppendBenchmark::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One write of a 24-byte key and a 100-byte value, forced. */
    @Benchmark
    @OperationsPerInvocation(WRITES)
    public long append() {
        timestamp += WRITES;
        return rig.write(WRITES, waiting, number -> RealRig.cell(number, timestamp + number));
    }
}

package dev.minidynamo.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;
import dev.minidynamo.wal.LogOptions;
import dev.minidynamo.wal.LogPosition;
import dev.minidynamo.wal.SyncMode;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;

/** Measures the store's memory, recovery and log; prints each figure. */
@Tag("soak")
class StoreFiguresTest {

    private static final int MILLION = 1_000_000;
    private static final long NOW = Version.timestampOf(1_700_000_000_000L);

    @TempDir Path directory;

    private static void report(String format, Object... values) {
        System.out.printf(Locale.ROOT, "FIGURE " + format + "%n", values);
    }

    private static StoreOptions options(SyncMode sync) {
        StoreOptions defaults = StoreOptions.defaults("figures", RealRig.NODE);
        LogOptions log = defaults.log().withSync(sync);
        return defaults.withLog(log).withMaintenance(1L << 40, 1L << 40, 1 << 30, 5000);
    }

    @Test
    @DisplayName("the index takes at most 64 bytes beside the key at 5 million keys")
    void theIndexTakesAtMost64BytesBesideTheKey() {
        int keys = 5 * MILLION;
        long before = usedHeap();
        KeyIndex index = new KeyIndex(StoreRig::token);
        int writer = index.writers().numberOf(RealRig.NODE, 7);
        long start = System.nanoTime();
        for (int i = 0; i < keys; i++) {
            Key key = RealRig.key(i);
            long position = LogPosition.of(1 + i / 200_000, i % 200_000 * 149L);
            index.put(
                    StoreRig.token(key),
                    key.bytes(),
                    0,
                    24,
                    new Bucket.Row(NOW + i, i + 1, position, 149, 100, writer, false, 0));
        }
        double nanos = (double) (System.nanoTime() - start) / keys;
        double bytes = (double) (usedHeap() - before) / keys;
        report(
                "index of 5 million 24-byte keys: %.1f bytes a key, %.1f beside the key, put %.0f"
                        + " ns",
                bytes, bytes - 24, nanos);
        report("index look-up: %.0f ns", lookUps(index, keys));
        assertThat(index.entries()).isEqualTo(keys);
        assertThat(bytes - 24).isLessThanOrEqualTo(64);
    }

    private static double lookUps(KeyIndex index, int keys) {
        int count = MILLION;
        long found = 0;
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Key key = RealRig.key((int) (i * 2654435761L % keys));
            found += index.find(StoreRig.token(key), key.bytes()) != null ? 1 : 0;
        }
        assertThat(found).isEqualTo(count);
        return (double) (System.nanoTime() - start) / count;
    }

    private static long usedHeap() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    @DisplayName(
            "recovery of 1 million keys with and without a snapshot, and bytes of log per record")
    void recoveryOfAMillionKeys() throws IOException {
        StoreOptions options = options(new SyncMode.Os());
        try (RealRig rig = rig(options)) {
            rig.write(MILLION, 2000, i -> RealRig.cell(i, NOW + ((long) i << 16)));
            long bytes = rig.ask(WalStore::status).log().bytes();
            report(
                    "log: %.2f bytes a record of 24-byte key and 100-byte value",
                    (double) bytes / MILLION);
            assertThat((double) bytes / MILLION).isLessThanOrEqualTo(150);
        }
        for (int round = 0; round < 3; round++) {
            recover(options, "from the log");
        }
        try (RealRig rig = rig(options)) {
            String sentence = rig.await(rig.store::snapshot);
            report(
                    "%s It took %d ms.",
                    sentence, rig.ask(WalStore::status).snapshot().tookMillis());
        }
        double rate = 0;
        for (int round = 0; round < 3; round++) {
            rate = Math.max(rate, recover(options, "with a snapshot"));
        }
        assertThat(rate).isGreaterThan(1_400_000 / 3.0);
    }

    private double recover(StoreOptions options, String how) throws IOException {
        try (RealRig rig = rig(options)) {
            StoreStatus status = rig.ask(WalStore::status);
            assertThat(status.keys()).isEqualTo(MILLION);
            double rate = MILLION * 1000.0 / status.start().millis();
            double cpuSeconds = cpuNanosOfTheLogThread() / 1e9;
            report(
                    "recovery %s: %d ms, %.0f keys/s; %.2f s of CPU, %.0f keys per CPU second",
                    how, status.start().millis(), rate, cpuSeconds, MILLION / cpuSeconds);
            return MILLION / cpuSeconds;
        }
    }

    /** CPU time of the thread that did the recovery, which others on the machine do not change. */
    private static long cpuNanosOfTheLogThread() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().equals("log")) {
                nanos += threads.getThreadCpuTime(thread.getThreadId());
            }
        }
        return nanos;
    }

    private RealRig rig(StoreOptions options) throws IOException {
        return rig(options, "data");
    }

    private RealRig rig(StoreOptions options, String name) throws IOException {
        return new RealRig(
                directory.resolve(name),
                options,
                sentence -> {
                    throw new AssertionError(sentence);
                });
    }

    @Test
    @DisplayName("appends a second with 64 waiting, and forces a record")
    void appendsASecondWith64Waiting() throws IOException {
        for (long grow : new long[] {0, 4 << 20}) {
            StoreOptions always = options(SyncMode.ALWAYS);
            StoreOptions options = always.withLog(always.log().withSegments(32 << 20, grow));
            try (RealRig rig = rig(options, "grow" + grow)) {
                int count = 200_000;
                rig.write(count, 64, i -> RealRig.cell(i % 100_000, NOW + i));
                long forces = rig.ask(WalStore::status).log().forces();
                long nanos = rig.write(count, 64, i -> RealRig.cell(i % 100_000, NOW + count + i));
                StoreStatus status = rig.ask(WalStore::status);
                report(
                        "64 waiting, grown by %d: %.0f appends/s, %.3f forces a record, force p50"
                                + " %.2f ms p99 %.2f ms",
                        grow,
                        count * 1e9 / nanos,
                        (double) (status.log().forces() - forces) / count,
                        status.log().forceP50Nanos() / 1e6,
                        status.log().forceP99Nanos() / 1e6);
                assertThat(status.log().forces() - forces).isLessThan(count * 3 / 10);
            }
        }
    }

    @Test
    @DisplayName("reads, and a page of a prefix scan, with 1 million keys")
    void readsAndScansOfAMillionKeys() throws IOException {
        try (RealRig rig = rig(options(new SyncMode.Os()))) {
            rig.write(MILLION, 2000, i -> RealRig.cell(i, NOW + ((long) i << 16)));
            for (int round = 0; round < 3; round++) {
                long begin = System.nanoTime();
                rig.await((Consumer<ScanPage> done) ->
                        rig.store.scan(new byte[] {'u'}, RealRig.key(500_000), 100, done));
                report(
                        "scan of 1 million keys in steps: %.1f ms",
                        (System.nanoTime() - begin) / 1e6);
                report("read: %.0f ns", rig.ask(StoreFiguresTest::reads));
            }
        }
    }

    private static double reads(WalStore store) {
        int count = 200_000;
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Key key = RealRig.key((int) (i * 2654435761L % MILLION));
            assertThat(store.read(key) instanceof ReadResult.Found).isTrue();
        }
        return (double) (System.nanoTime() - start) / count;
    }
}
